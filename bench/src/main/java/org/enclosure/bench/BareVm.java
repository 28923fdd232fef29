package org.enclosure.bench;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestTable;
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
import org.enclosure.spi.VmType;

/// A machine of an architecture with one VM and without the engine: its tables alone, driven in the engine's place by one thread.
///
/// The first frames of its memory are the VM's, its vCPU's and its tables'; pages for the guest are those from [#FIRST_PFN] on.
final class BareVm implements Renewable {
    /// The first frame that is a page of the guest.
    static final long FIRST_PFN = 1024;
    /// The first gfn that is the guest's.
    static final long FIRST_GFN = 0x4_0000;
    /// How many frames there are for the guest, if nothing else is said.
    static final long PAGES = 3072;

    private static final int CONTROL_FRAMES = 256;
    private static final int TABLE_FRAMES = 256;
    private static final int VCPU_FRAMES = 64;

    /// What calls of the tables are given.
    final TableWork work = new TableWork(new FrameCache(2 * TABLE_FRAMES));

    private final FrameCache control = new FrameCache(2 * CONTROL_FRAMES);
    private final GuestMemorySystem system = GuestMemorySystem.builder().build();
    private final Arena arena = Arena.ofShared();
    private final PhysicalMemory memory;
    private final Platform platform;
    private final VmType type;
    private VmBackend vm;
    private GuestTable table;
    private final FaultDetail detail = new FaultDetail();
    private long removed;

    /// Opens a machine and creates the VM.
    ///
    /// @param settings the machine's settings for this architecture
    BareVm(String architecture, String typeId, Map<String, String> settings) {
        this(architecture, typeId, settings, PAGES);
    }

    /// Opens a machine with as many frames for the guest.
    BareVm(String architecture, String typeId, Map<String, String> settings, long pages) {
        long bytes = (FIRST_PFN + pages) * 4096;
        ArchitectureProvider provider = system.architecture(architecture).provider();
        memory = new PhysicalMemory(arena.allocate(bytes, 4096), 0);
        platform = provider.open(
                new PlatformContext(memory, List.of(new MemoryRange(0, bytes, MemoryRange.Kind.RAM)), settings));
        type = provider.vmTypes().stream().filter(one -> one.id().equals(typeId)).findFirst().orElseThrow();
        for (long pfn = 0; pfn < CONTROL_FRAMES; pfn++) {
            control.push(pfn);
        }
        for (long pfn = CONTROL_FRAMES; pfn < CONTROL_FRAMES + TABLE_FRAMES; pfn++) {
            work.frames.push(pfn);
        }
        vm = createVm();
        table = vm.table();
    }

    private VmBackend createVm() {
        return platform.create(new VmContext(type, 1, -1, control, Map.of()));
    }

    private void endVm() {
        work.reset(TableWork.TEARDOWN, 0);
        long status = Status.MORE;
        while (status != Status.OK) {
            status = vm.teardown(work);
            require(status);
        }
        for (long page = 0; page < removed; page++) {
            work.reset(TableWork.TEARDOWN, Access.PRIVATE);
            require(table.remove(FIRST_GFN + page, FIRST_PFN + page, 1, work));
        }
        vm.close();
    }

    /// Has pages that may be mapped removed one by one when the VM ends, where the teardown does not do it.
    BareVm removing(long pages) {
        removed = pages;
        return this;
    }

    @Override
    public void renew() {
        endVm();
        vm = createVm();
        table = vm.table();
    }

    /// The machine.
    Platform platform() {
        return platform;
    }

    /// Its memory.
    PhysicalMemory memory() {
        return memory;
    }

    /// Its tables, until it is renewed.
    GuestTable table() {
        return table;
    }

    /// Creates the one vCPU of the VM that there is now.
    VcpuBackend createVcpu() {
        FrameCache frames = new FrameCache(VCPU_FRAMES);
        for (long pfn = CONTROL_FRAMES + TABLE_FRAMES; frames.size() < VCPU_FRAMES; pfn++) {
            frames.push(pfn);
        }
        return vm.createVcpu(new VcpuContext(0, frames));
    }

    /// Maps one 4K page as private: page `page` of the guest is frame `page` of its frames.
    @Override
    public void map(long page) {
        map(page, Paging.LEVEL_4K);
    }

    /// Maps a page or block as private.
    void map(long page, int level) {
        work.reset(TableWork.FAULT, Access.READ | Access.WRITE | Access.PRIVATE);
        require(table.map(FIRST_GFN + page, FIRST_PFN + page, level, work));
    }

    /// A batch of judgements of host reads, from frame `first` of the guest's frames on.
    ///
    /// @return what the measured code has to hand out
    long readAsHost(long first, int batch, Allocated allocated) {
        allocated.begin();
        long denied = 0;
        for (long page = 0; page < batch; page++) {
            denied += platform.hostAccess(FIRST_PFN + first + page, Access.READ, detail);
        }
        allocated.end();
        return denied;
    }

    /// Requires an answer that is not an error.
    static void require(long status) {
        if (status < 0) {
            throw new BenchFailedException("the table answered " + Status.describe(status));
        }
    }

    @Override
    public void close() {
        endVm();
        platform.close();
        arena.close();
        system.close();
    }
}
