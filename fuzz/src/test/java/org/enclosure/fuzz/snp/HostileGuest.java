package org.enclosure.fuzz.snp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.Access;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.SnpProvider;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.Ghcb;
import org.enclosure.snp.wire.GhcbMsr;
import org.enclosure.snp.wire.PscEntry;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.tck.random.Choices;

/// A guest whose vCPU exits with whatever bytes say, on a machine of 4 MiB without an engine; the VMM answers what they say.
final class HostileGuest implements AutoCloseable {
    private static final long MEMORY = 4L << 20;
    private static final long CONTROL_FRAME = 0x10;
    private static final long STATE_FRAME = 0x20;
    private static final int FRAMES = 4;
    private static final long GHCB = 0x12_3000;
    private static final long WINDOW = 0x80;
    private static final long PAGE = WINDOW << 12;
    private static final long PRIVATE_PFN = 0x90;
    private static final long PRIVATE_GFN = 0x4_0000;
    /// A run of each entry, twice because a page may have been half done.
    private static final int MOST_REQUESTS = 2 * PscEntry.MAX_ENTRIES;
    private static final int MOST_WORDS = 16;
    private static final long GUARD = 0x6a_7d1e_57ed_c0deL;
    private static final List<Long> EVENTS = List.of(Ghcb.EVENT_PSC, Ghcb.EVENT_VMMCALL, Ghcb.EVENT_GUEST_REQUEST,
            Ghcb.EVENT_EXTENDED_GUEST_REQUEST, Ghcb.EVENT_AP_CREATION, Ghcb.EVENT_HV_FEATURES, Ghcb.EVENT_TERMINATE);
    private static final Set<Integer> ANSWERS = Set.of(Status.TO_GUEST, Status.NEED_LEAF, Status.FAULT);

    private final Choices choices;
    private final Arena arena = Arena.ofConfined();
    private final PhysicalMemory memory = new PhysicalMemory(arena.allocate(MEMORY, 4096), 0);
    private final Platform platform;
    private final VmBackend vm;
    private final VcpuBackend vcpu;
    private final GuestCall call = new GuestCall();
    private final RegisterFile registers = new RegisterFile();

    HostileGuest(Choices choices, String typeId) {
        this.choices = choices;
        SnpProvider provider = new SnpProvider();
        platform = provider.open(new PlatformContext(memory,
                List.of(new MemoryRange(0, MEMORY, MemoryRange.Kind.RAM)), Map.of()));
        vm = platform.create(new VmContext(
                provider.vmTypes().stream().filter(type -> type.id().equals(typeId)).findFirst().orElseThrow(), 2, -1,
                frames(CONTROL_FRAME), Map.of()));
        vcpu = vm.createVcpu(new VcpuContext(0, frames(STATE_FRAME)));
        TableWork work = new TableWork(frames(STATE_FRAME + FRAMES));
        work.reset(TableWork.FAULT, Access.WRITE | Access.PRIVATE);
        assertTrue(vm.table().map(PRIVATE_GFN, PRIVATE_PFN, 1, work) >= 0);
        for (long guard : new long[] {PAGE - 8, PAGE + 4096, PRIVATE_PFN << 12}) {
            memory.putLong(guard, GUARD);
        }
    }

    private static FrameCache frames(long first) {
        FrameCache frames = new FrameCache(FRAMES);
        for (long pfn = first; pfn < first + FRAMES; pfn++) {
            frames.push(pfn);
        }
        return frames;
    }

    /// One exit, or some words of the page.
    void step() {
        switch (choices.nextInt(4)) {
            case 0 -> words();
            case 1 -> event();
            case 2 -> exit(choices.nextLong());
            default -> exit(choices.nextBoolean() ? GHCB : GhcbMsr.of(GhcbMsr.REGISTER_REQUEST, GHCB >>> 12));
        }
        for (long guard : new long[] {PAGE - 8, PAGE + 4096, PRIVATE_PFN << 12}) {
            assertEquals(GUARD, memory.getLong(guard), "a byte that is not the page's");
        }
    }

    private void words() {
        for (int count = choices.nextInt(MOST_WORDS); count >= 0; count--) {
            memory.putLong(PAGE + choices.nextInt(512) * 8L, choices.nextLong());
        }
    }

    /// A page that gets past the first checks.
    private void event() {
        exit(GhcbMsr.of(GhcbMsr.REGISTER_REQUEST, GHCB >>> 12));
        memory.putLong(PAGE + Ghcb.EXIT_CODE, EVENTS.get(choices.nextInt(EVENTS.size())));
        memory.putLong(PAGE + Ghcb.VALID_BITMAP, -1);
        memory.putLong(PAGE + Ghcb.VALID_BITMAP + Long.BYTES, -1);
        memory.putLong(PAGE + Ghcb.USAGE - 4, 0);
        int offset = Ghcb.SHARED_BUFFER + choices.nextInt(0x400);
        memory.putLong(PAGE + Ghcb.SCRATCH, GHCB + offset);
        memory.putLong(PAGE + Ghcb.RAX, choices.nextBoolean() ? 1 : choices.nextLong());
        if (offset % Long.BYTES == 0) {
            int last = choices.nextInt(8);
            memory.putLong(PAGE + offset, PscEntry.header(choices.nextInt(3), last, 0));
            for (int entry = 0; entry <= last; entry++) {
                memory.putLong(PAGE + offset + PscEntry.HEADER_BYTES + entry * 8L,
                        PscEntry.of(choices.nextInt(3), PRIVATE_GFN + choices.nextInt(1024), 1 + choices.nextInt(4),
                                choices.nextBoolean(), 0));
            }
        }
        exit(GHCB);
    }

    private void exit(long msr) {
        call.reset();
        registers.clear();
        registers.set(Abi.RCX, GhcbMsr.NUMBER);
        registers.set(Abi.RAX, msr & 0xffff_ffffL);
        registers.set(Abi.RDX, msr >>> 32);
        vcpu.trap(Abi.WRMSR, registers, call);
        call.reset();
        call.exitEnabled = choices.nextInt(8) != 0;
        long status = vcpu.trap(Abi.VMGEXIT, registers, call);
        if (Status.kind(status) == Status.NEED_PAGE) {
            call.windowPfn = WINDOW;
            status = vcpu.trap(Abi.VMGEXIT, registers, call);
        }
        if (Status.kind(status) == Status.NEED_LEAF) {
            call.leaf = Leaf.of(PRIVATE_PFN, 1, Leaf.ALL);
            status = vcpu.trap(Abi.VMGEXIT, registers, call);
        }
        check(served(status));
    }

    private long served(long first) {
        long status = first;
        for (int requests = 0; Status.has(status, Status.REQUEST) && call.request != GuestCall.SHUTDOWN; requests++) {
            assertTrue(requests < MOST_REQUESTS, "requests without an end");
            assertTrue(call.request != GuestCall.CONVERT || call.npages > 0, "a request for no pages");
            if (choices.nextBoolean()) {
                words(); // the guest's other vCPUs write while the VMM is at work
            }
            call.windowPfn = WINDOW;
            status = vcpu.answer(call, choices.nextInt(4) == 0 ? Status.of(Status.DENIED) : Status.OK, registers);
        }
        return status;
    }

    private void check(long status) {
        boolean isAnswer = status >= 0 || ANSWERS.contains(Status.kind(status));
        assertTrue(isAnswer, () -> Status.describe(status));
    }

    @Override
    public void close() {
        vcpu.close();
        vm.close();
        platform.close();
        arena.close();
    }
}
