package org.enclosure.snp.host;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.enclosure.api.Paging;
import org.enclosure.snp.launch.HashTable;
import org.enclosure.snp.launch.LaunchFlags;
import org.enclosure.snp.launch.LaunchOptions;
import org.enclosure.snp.launch.PageType;
import org.enclosure.snp.launch.Vmsa;
import org.enclosure.snp.machine.SnpMachine;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// The launch of an SEV or SEV-ES guest: one SHA-256 over what is loaded, in order, and over the vCPUs' state for SEV-ES (SEV API,
/// LAUNCH_UPDATE_DATA and LAUNCH_UPDATE_VMSA). Addresses are not measured.
final class SevLaunch implements LaunchSession {
    private final PhysicalMemory memory;
    private final SnpMachine machine;
    private final int asid;
    private final int measuredVcpus;
    private final LaunchOptions options;
    private final MessageDigest digest;
    private final List<String> transcript = new ArrayList<>();
    private final List<Long> starts = new ArrayList<>();

    /// @param measuredVcpus 0 for SEV, whose vCPUs are not encrypted
    SevLaunch(SnpMachine machine, int asid, int measuredVcpus, LaunchOptions options) {
        memory = machine.memory();
        this.machine = machine;
        this.asid = asid;
        this.measuredVcpus = measuredVcpus;
        this.options = options;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public long page(LaunchItem item, long pfn, long sourcePfn, TableWork work) {
        if (item.kind() == LaunchItem.Kind.RANGE) {
            starts.add(LaunchFlags.eip(item));
            return Status.OK;
        }
        if (item.type() != PageType.NORMAL) {
            throw new IllegalArgumentException(item + " is a page that only SEV-SNP loads; plan with option mode="
                    + (measuredVcpus > 0 ? "seves" : "sev"));
        }
        if (machine.keys().take(pfn, 1, item.gfn(), asid) <= 0) {
            work.detail.gfn = item.gfn();
            work.detail.pfn = pfn;
            work.detail.owner = machine.keys().key(pfn);
            return Status.of(Status.DENIED);
        }
        long pa = pfn << Paging.PAGE_SHIFT;
        byte[] bytes = bytes(item, sourcePfn << Paging.PAGE_SHIFT);
        for (int i = 0; i < bytes.length; i++) {
            memory.putByte(pa + i, bytes[i]);
        }
        boolean isHashes = LaunchFlags.isHashes(item);
        digest.update(bytes, isHashes ? LaunchFlags.offset(item) : 0, isHashes ? HashTable.SIZE : bytes.length);
        transcript.add("DATA gpa=0x" + Long.toHexString(item.gfn() << Paging.PAGE_SHIFT));
        return Status.OK;
    }

    private byte[] bytes(LaunchItem item, long source) {
        byte[] bytes = new byte[(int) Paging.PAGE_SIZE];
        byte[] hashes = LaunchFlags.isHashes(item) ? options.hashTable() : null;
        if (hashes != null) {
            System.arraycopy(hashes, 0, bytes, LaunchFlags.offset(item), hashes.length);
            return bytes;
        }
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = memory.getByte(source + i);
        }
        return bytes;
    }

    @Override
    public LaunchResult finish(TableWork work) {
        for (int index = 0; index < measuredVcpus; index++) {
            long eip = starts.isEmpty() ? Vmsa.RESET_VECTOR : starts.get(Math.min(index, starts.size() - 1));
            digest.update(Vmsa.ofFirmware(options.vmm(), eip, options.signature(), 0));
            transcript.add("VMSA of vCPU " + index);
        }
        return new LaunchResult("SHA-256", HexFormat.of().formatHex(digest.digest()), true, transcript);
    }
}
