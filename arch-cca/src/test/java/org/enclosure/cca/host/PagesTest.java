package org.enclosure.cca.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.junit.jupiter.api.Test;

class PagesTest {
    private static final int PRIVATE = Bench.PRIVATE;
    private static final int SHARED = Bench.SHARED;

    @Test
    void shouldMapA2mBlockByFoldingAndKeepTheTemporaryTableOut() {
        try (Bench bench = new Bench()) {
            Bench.Vm vm = bench.vm().enter();
            long block = bench.block();
            int before = vm.work.frames.size();
            assertEquals(Status.OK, vm.map(512 + 5, block + 5, 2, PRIVATE));
            assertEquals(2, vm.work.level);
            // Two tables stay; the one of pages was folded and came back.
            assertEquals(before - 2, vm.work.frames.size());
            long leaf = vm.admit(512 + 7, PRIVATE);
            assertEquals(block, Leaf.pfn(leaf));
            assertEquals(2, Leaf.level(leaf));
            assertTrue(Status.has(vm.map(512 + 9, block + 9, 1, PRIVATE), Status.SPURIOUS));
        }
    }

    @Test
    void shouldTakeAPageOutOfABlockAndWipeIt() {
        try (Bench bench = new Bench()) {
            Bench.Vm vm = bench.vm().enter();
            long block = bench.block();
            vm.map(512, block, 2, PRIVATE);
            bench.memory.putLong(block + 3 << 12, 0x5ec2e7);
            vm.work.reset(TableWork.CONVERT, PRIVATE);
            assertEquals(Status.OK, vm.vm.table().resize(515, block + 3, 1, vm.work));
            assertEquals(Status.OK, vm.remove(515, block + 3, 1, PRIVATE));
            assertEquals(TableWork.ZEROED, vm.work.content);
            assertTrue(bench.memory.isZero(block + 3 << 12, 4096));
            assertEquals(Status.OK, bench.platform.hostAccess(block + 3, SHARED, new FaultDetail()));
            assertEquals("UNASSIGNED_DESTROYED", vm.state(515, PRIVATE));
            assertEquals("ASSIGNED_RAM", vm.state(516, PRIVATE));
            assertEquals(Status.TO_VMM, Status.kind(vm.admit(515, PRIVATE)));
        }
    }

    @Test
    void shouldRefuseTheBlockWhenOneOfItsFramesIsAnothersAndLeaveAllOthers() {
        try (Bench bench = new Bench()) {
            Bench.Vm vm = bench.vm().enter();
            Bench.Vm other = bench.vm().enter();
            long block = bench.block();
            assertEquals(Status.OK, other.map(1, block + 88, 1, PRIVATE));
            assertEquals(Status.of(Status.LEVEL, 1, 0), vm.map(512, block, 2, PRIVATE));
            assertEquals("UNASSIGNED_RAM", vm.state(512, PRIVATE));
            for (long pfn = block; pfn < block + 512; pfn++) {
                boolean isHosts = bench.platform.hostAccess(pfn, SHARED, new FaultDetail()) >= 0;
                assertEquals(pfn != block + 88, isHosts, "frame " + pfn);
            }
            assertEquals(Status.DENIED, Status.kind(vm.map(512 + 88, block + 88, 1, PRIVATE)));
            assertEquals(2, vm.work.detail.owner, "the other realm's number");
        }
    }

    @Test
    void shouldKeepTheHalvesApart() {
        try (Bench bench = new Bench()) {
            Bench.Vm vm = bench.vm().enter();
            long shared = bench.frame();
            assertEquals(Status.FAULT, Status.kind(vm.admit(9, SHARED)));
            assertEquals(Status.OK, vm.map(9, shared, 1, SHARED));
            assertEquals("ASSIGNED_NS", vm.state(9, SHARED));
            assertEquals("UNASSIGNED_RAM", vm.state(9, PRIVATE));
            assertEquals(shared, Leaf.pfn(vm.admit(9, SHARED)));
            long secret = bench.frame();
            vm.map(9, secret, 1, PRIVATE);
            assertEquals(Status.DENIED, Status.kind(vm.map(10, secret, 1, SHARED)), "a private frame");
            vm.work.reset(TableWork.CONVERT, SHARED);
            assertEquals(Status.OK, vm.vm.table().block(0, 512, vm.work));
            assertEquals(1, vm.work.done);
            assertEquals(Status.FAULT, Status.kind(vm.admit(9, SHARED)));
            assertEquals(secret, Leaf.pfn(vm.admit(9, PRIVATE)));
        }
    }

    @Test
    void shouldReachNoPageBeyondTheGuestsAddresses() {
        try (Bench bench = new Bench()) {
            Bench.Vm vm = bench.vm().enter();
            long beyond = CcaTypes.UNPROTECTED >>> 12;
            assertEquals(Status.DENIED, Status.kind(vm.map(beyond, bench.frame(), 1, PRIVATE)));
            assertTrue(vm.admit(beyond << 1, PRIVATE) < 0);
        }
    }

    @Test
    void shouldGiveAllFramesBackZeroedAtTheEnd() {
        try (Bench bench = new Bench()) {
            Bench.Vm vm = bench.vm().enter();
            long block = bench.block();
            long page = bench.frame();
            vm.map(512, block, 2, PRIVATE);
            vm.map(3, page, 1, PRIVATE);
            vm.map(1 << 20, bench.frame(), 1, SHARED);
            bench.memory.putLong(page << 12, 0x5ec2e7);
            vm.end();
            for (long pfn = 0; pfn < Bench.BYTES >> 12; pfn++) {
                assertEquals(Status.OK, bench.platform.hostAccess(pfn, SHARED, new FaultDetail()), "frame " + pfn);
            }
            assertTrue(bench.memory.isZero(page << 12, 4096));
            Bench.Vm next = bench.vm().enter();
            assertEquals(Status.OK, next.map(3, page, 1, PRIVATE), "the next realm can have the frame");
        }
    }

    @Test
    void shouldMapEachPageOnceForTwoProcessorsAtTheSameTime() throws InterruptedException {
        try (Bench bench = new Bench()) {
            Bench.Vm vm = bench.vm().enter();
            long block = bench.block();
            AtomicInteger mapped = new AtomicInteger();
            AtomicInteger wrong = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(2);
            Thread[] threads = new Thread[2];
            for (int i = 0; i < threads.length; i++) {
                TableWork work = new TableWork(bench.frames(32));
                threads[i] = new Thread(() -> mapAll(vm, block, work, start, mapped, wrong));
                threads[i].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(0, wrong.get());
            assertEquals(512, mapped.get());
            vm.work.reset(TableWork.PUNCH, PRIVATE);
            vm.vm.table().block(0, 512, vm.work);
            assertEquals(512, vm.work.done);
        }
    }

    private static void mapAll(Bench.Vm vm, long block, TableWork work, CyclicBarrier start, AtomicInteger mapped,
            AtomicInteger wrong) {
        try {
            start.await();
        } catch (InterruptedException | BrokenBarrierException stopped) {
            wrong.incrementAndGet();
        }
        for (long gfn = 0; gfn < 512; gfn++) {
            long status;
            do {
                work.reset(TableWork.FAULT, PRIVATE);
                status = vm.vm.table().map(gfn, block + gfn, 1, work);
            } while (Status.kind(status) == Status.RETRY);
            mapped.addAndGet(status == Status.OK ? 1 : 0);
            wrong.addAndGet(status < 0 ? 1 : 0);
        }
    }
}
