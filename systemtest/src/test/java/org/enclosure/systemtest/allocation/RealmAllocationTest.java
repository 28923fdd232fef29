package org.enclosure.systemtest.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

import com.sun.management.ThreadMXBean;
import org.enclosure.api.Access;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the tables of a realm allocate on the fault path: nothing.
class RealmAllocationTest {
    private static final long BYTES = 32L << 20;
    private static final int PAGES = 256;
    private static final int WINDOWS = 20;
    private static final int PRIVATE = Access.PRIVATE | Access.READ | Access.WRITE;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Arena arena = Arena.ofShared();
    private final FaultDetail detail = new FaultDetail();
    private final TableWork work = new TableWork(frames(4000, 32));
    private Platform platform;
    private VmBackend vm;
    private VcpuBackend vcpu;

    @BeforeEach
    void open() {
        ArchitectureProvider cca = ServiceLoader.load(ArchitectureProvider.class).stream()
                .map(ServiceLoader.Provider::get).filter(provider -> provider.id().equals("cca")).findFirst()
                .orElseThrow();
        platform = cca.open(new PlatformContext(new PhysicalMemory(arena.allocate(BYTES, 4096), 0),
                List.of(new MemoryRange(0, BYTES, MemoryRange.Kind.RAM)), Map.of()));
        vm = platform.create(new VmContext(cca.vmTypes().getFirst(), 1, -1, frames(4100, 64), Map.of()));
        vcpu = vm.createVcpu(new VcpuContext(0, frames(4200, 24)));
        assertTrue(vcpu.enter(new GuestCall(), detail) >= 0);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void shouldAllocateNothingToAdmitAnAccess() {
        for (int page = 0; page < PAGES; page++) {
            assertEquals(Status.OK, map(page, PRIVATE));
        }
        measure(() -> {
            for (int page = 0; page < PAGES; page++) {
                assertTrue(vcpu.admit(page, 0, PRIVATE, detail) > 0);
            }
        });
    }

    @Test
    void shouldAllocateNothingToMapAndRemovePages() {
        measure(() -> mapAndRemove(PRIVATE));
        measure(() -> mapAndRemove(Access.READ | Access.WRITE));
    }

    @Test
    void shouldAllocateNothingToLeaveAndEnterForAFault() {
        measure(() -> {
            for (int i = 0; i < PAGES; i++) {
                vcpu.admit(1 << 20, 0, PRIVATE, detail);
                vcpu.leave(VcpuBackend.LEFT_FAULT, detail);
                vcpu.enter(EMPTY_CALL, detail);
            }
        });
    }

    private static final GuestCall EMPTY_CALL = new GuestCall();

    private void mapAndRemove(int access) {
        for (int page = 0; page < PAGES; page++) {
            assertEquals(Status.OK, map(page, access));
        }
        work.reset(TableWork.PUNCH, access);
        assertEquals(Status.OK, vm.table().remove(0, 1024, PAGES, work));
    }

    private long map(long page, int access) {
        work.reset(TableWork.FAULT, access);
        return vm.table().map(page, 1024 + page, 1, work);
    }

    /// The JVM allocates for itself now and then; a path that allocates does so each time.
    private static void measure(Runnable path) {
        long least = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS; window++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            path.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes");
    }

    private static FrameCache frames(long first, int count) {
        FrameCache cache = new FrameCache(2 * count);
        for (int i = 0; i < count; i++) {
            cache.push(first + i);
        }
        return cache;
    }
}
