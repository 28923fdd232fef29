package org.enclosure.cca.host;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmContext;

/// A machine with realms whose tables a test drives in the engine's place. Frames are handed out in ascending order.
final class Bench implements AutoCloseable {
    static final long BYTES = 32L << 20;
    static final int PRIVATE = Access.PRIVATE | Access.READ | Access.WRITE;
    static final int SHARED = Access.READ | Access.WRITE;
    private static final int VM_FRAMES = 64;
    private static final int VCPU_FRAMES = 24;

    final Arena arena = Arena.ofShared();
    final PhysicalMemory memory = new PhysicalMemory(arena.allocate(BYTES, 4096), 0);
    final CcaPlatform platform;
    private long next = 16;

    Bench() {
        platform = new CcaPlatform(new PlatformContext(memory,
                List.of(new MemoryRange(0, BYTES, MemoryRange.Kind.RAM)), Map.of()));
    }

    /// A frame that nobody has.
    long frame() {
        return next++;
    }

    /// The first of 512 frames side by side, aligned to a block.
    long block() {
        next = next + 511 & -512;
        long first = next;
        next += 512;
        return first;
    }

    FrameCache frames(int count) {
        FrameCache cache = new FrameCache(2 * VM_FRAMES);
        for (int i = 0; i < count; i++) {
            cache.push(frame());
        }
        return cache;
    }

    Vm vm() {
        return new Vm(Map.of());
    }

    Vm vm(Map<String, String> options) {
        return new Vm(options);
    }

    @Override
    public void close() {
        platform.close();
        arena.close();
    }

    /// One realm with one vCPU, entered.
    final class Vm {
        final FrameCache own = frames(VM_FRAMES);
        final FrameCache vcpuFrames = frames(VCPU_FRAMES);
        final CcaVm vm;
        final VcpuBackend vcpu;
        final TableWork work = new TableWork(frames(32));
        final FaultDetail detail = new FaultDetail();

        Vm(Map<String, String> options) {
            vm = (CcaVm) platform.create(new VmContext(CcaTypes.REALM, 1, -1, own, options));
            vcpu = vm.createVcpu(new VcpuContext(0, vcpuFrames));
        }

        Vm enter() {
            if (vcpu.enter(new GuestCall(), detail) < 0) {
                throw new AssertionError("the vCPU cannot be entered: " + detail.code);
            }
            return this;
        }

        long map(long gfn, long pfn, int level, int access) {
            work.reset(TableWork.FAULT, access);
            return vm.table().map(gfn, pfn, level, work);
        }

        long remove(long gfn, long pfn, long npages, int access) {
            work.reset(TableWork.PUNCH, access);
            return vm.table().remove(gfn, pfn, npages, work);
        }

        long admit(long gfn, int access) {
            detail.reset();
            return vcpu.admit(gfn, 0, access, detail);
        }

        String state(long gfn, int access) {
            work.reset(TableWork.FAULT, access);
            return CcaTypes.REALM.pageStates().get((int) vm.table().inspect(gfn, -1, work));
        }

        /// Ends the realm as the engine does.
        void end() {
            vcpu.leave(VcpuBackend.LEFT_STOP, detail);
            vcpu.close();
            work.reset(TableWork.TEARDOWN, PRIVATE);
            while (vm.teardown(work) != 0) {
                while (work.frames.size() > 0) {
                    work.frames.pop();
                }
            }
            vm.close();
        }
    }
}
