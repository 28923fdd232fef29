package org.enclosure.snp.machine;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.snp.wire.RmpGeometry;
import org.enclosure.spi.PhysicalMemory;

/// One machine: memory, its RMP, the instructions on it, its firmware, and the keys of guests without an RMP.
///
/// @param memory system memory
/// @param rmp the RMP
/// @param host the host's instructions
/// @param guest the guests' instructions
/// @param access the access checks
/// @param pages the firmware's commands on pages
/// @param processor the firmware's commands on guests
/// @param swap the firmware's commands that swap pages
/// @param keys the keys of SEV and SEV-ES guests
/// @param vcpus what vCPUs run with
/// @param platform the firmware's commands on the machine as a whole
public record SnpMachine(PhysicalMemory memory, RmpTable rmp, HostInstructions host, GuestInstructions guest,
        AccessCheck access, FirmwarePages pages, SecureProcessor processor, SwapCommands swap, KeyTable keys,
        VcpuPages vcpus, PlatformCommands platform) {
    /// Builds a machine in which all pages are the hypervisor's.
    ///
    /// @param limit first pfn behind system memory
    public static SnpMachine of(PhysicalMemory memory, RmpGeometry geometry, long limit) {
        RmpTable rmp = new RmpTable(geometry, limit);
        FirmwareEntries entries = new FirmwareEntries(rmp);
        FirmwarePages pages = new FirmwarePages(rmp, entries);
        SecureProcessor processor = new SecureProcessor(pages, entries, memory);
        return new SnpMachine(memory, rmp, new HostInstructions(rmp, memory), new GuestInstructions(rmp),
                new AccessCheck(rmp), pages, processor, new SwapCommands(entries, memory), new KeyTable(memory, limit),
                new VcpuPages(rmp), new PlatformCommands(rmp, entries, processor));
    }

    /// The GPA that the RMP has for a page.
    public long gpa(long pfn) {
        return RmpTable.gpa(rmp.lo(pfn), pfn);
    }

    /// What the host reads of a word that is under the key of an SNP guest.
    public long readWithoutKey(long spa, long asid) {
        return Ciphertext.of(memory.getLong(spa), spa, asid);
    }

    /// Forces an entry, whatever it was: for tests alone.
    ///
    /// @return [RmpCode#SUCCESS], FAIL_INPUT if the page is not covered, FAIL_INUSE
    public int forceEntry(long spa, long lo, long hi) {
        long pfn = spa >>> Paging.PAGE_SHIFT;
        if (!rmp.covers(pfn)) {
            return RmpCode.FAIL_INPUT;
        }
        RmpRegion region = rmp.need(pfn);
        if (!region.tryHold()) {
            return RmpCode.FAIL_INUSE;
        }
        region.set(RmpTable.index(pfn), lo & ~RmpEntry.COUNT_MASK, hi);
        region.release();
        return RmpCode.SUCCESS;
    }
}
