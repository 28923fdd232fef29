package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.enclosure.api.dirty.DirtyLog;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// KVM's dirty_log_test: a guest that writes random pages all the time, and a VMM that collects. The area is smaller than KVM's,
/// 2M and 3 pages, so that each iteration meets each page.
class DirtyLogCasesTest {
    private static final int SLOT = 1;
    private static final int PAGES = 515;
    private static final long GPA = 1L << 32;
    private static final int ITERATIONS = 32;
    private static final int WRITES = 1024;
    private static final int RING = 256;

    /// How the log is collected.
    enum Mode {
        DIRTY_LOG("T-G01"), CLEAR_LOG("T-G02"), DIRTY_RING("T-G03");

        private final String number;

        Mode(String number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return number + " " + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /// The machine, the guest's thread, and what the VMM remembers.
    private static final class Run implements AutoCloseable {
        final GuestMemorySystem system = GuestMemorySystem.builder().build();
        final Host host = system.openHost(HostOptions.of("software", 64L << 20));
        final Vm vm = host.createVm(VmOptions.of("default"));
        final DirtyLog log = vm.dirtyLog();
        final HostMapping mapping = host.createAddressSpace().map(PAGES * PAGE);
        final Vcpu vcpu;
        final Mode mode;
        final AtomicLong iteration = new AtomicLong(1);
        final AtomicBoolean stop = new AtomicBoolean();
        final AtomicLong ringFull = new AtomicLong();
        final BitSet mustComeNext = new BitSet();
        final CompletableFuture<VmExit> end;

        Run(Mode mode, long seed) {
            this.mode = mode;
            if (mode == Mode.CLEAR_LOG) {
                log.enableManualProtect(true);
            } else if (mode == Mode.DIRTY_RING) {
                log.enableRing(RING);
            }
            vm.slots().create(new Memslot(SLOT, GPA, PAGES * PAGE, Set.of(MemslotFlag.LOG_DIRTY), mapping, 0, null, 0));
            vcpu = vm.createVcpu(0);
            Random random = new Random(seed);
            end = GuestVm.start(vcpu, cpu -> guest(cpu, random), exit -> {
                if (exit.reason() == ExitReason.INTERRUPTED) {
                    return ExitAction.STOP;
                }
                assertEquals(ExitReason.DIRTY_RING_FULL, exit.reason());
                ringFull.incrementAndGet();
                return ExitAction.RESUME;
            });
        }

        private void guest(GuestCpu cpu, Random random) {
            for (long page = 0; page < PAGES; page++) {
                cpu.storeLong(GPA + page * PAGE, iteration.get());
            }
            while (!stop.get()) {
                for (int i = 0; i < WRITES; i++) {
                    cpu.storeLong(GPA + random.nextInt(PAGES) * PAGE, iteration.get());
                }
            }
        }

        BitSet collect() {
            if (mode == Mode.DIRTY_RING) {
                return harvest();
            }
            long[] bitmap = new long[PAGES + 63 >>> 6];
            log.get(SLOT, bitmap);
            BitSet pages = BitSet.valueOf(bitmap);
            if (mode == Mode.CLEAR_LOG) {
                log.clear(SLOT, 0, PAGES, bitmap); // 515 is no multiple of 64: legal at the slot's end
            }
            return pages;
        }

        private BitSet harvest() {
            BitSet pages = new BitSet();
            int count = log.ring(0).harvest((slot, offset) -> {
                assertEquals(SLOT, slot);
                assertTrue(offset >= 0 && offset < PAGES, () -> "offset " + offset);
                pages.set((int) offset);
            });
            assertEquals(count, log.resetRings(), "exactly what was harvested");
            return pages;
        }

        /// One round of the VMM: collect under the running guest, then stop it and look.
        void round() throws InterruptedException {
            Thread.sleep(2);
            BitSet dirty = collect();
            vcpu.pause();
            long now = iteration.get();
            for (int page = 0; page < PAGES; page++) {
                verify(page, dirty.get(page), mapping.loadLong(page * PAGE), now);
            }
            iteration.incrementAndGet();
            vcpu.resume();
        }

        private void verify(int page, boolean reported, long value, long now) {
            if (mustComeNext.get(page)) {
                mustComeNext.clear(page);
                assertTrue(reported, "T-G11 page " + page + " was written after its report and did not come again");
            }
            assertTrue(value <= now, () -> "page " + page + " holds " + value + " in iteration " + now);
            if (reported) {
                // A page can be taken and written in this round or in the one before, after that one's report.
                assertTrue(value >= now - 1 || value == now - 2 && mode == Mode.DIRTY_RING,
                        () -> "T-G10 page " + page + " is reported and holds " + value + " in iteration " + now);
            }
            if (!reported && value == now) {
                mustComeNext.set(page);
            }
        }

        @Override
        public void close() {
            stop.set(true);
            vcpu.kick();
            try {
                assertTrue(Set.of(ExitReason.HALTED, ExitReason.INTERRUPTED)
                        .contains(end.get(60, TimeUnit.SECONDS).reason()), "T-G12");
            } catch (ExecutionException | TimeoutException
                    | InterruptedException e) {
                throw new AssertionError("T-G12 the guest did not end", e);
            }
            vcpu.close();
            system.close();
        }
    }

    @ParameterizedTest(name = "{0}, T-G10 set bits, T-G11 clear bits, T-G12 run results")
    @EnumSource(Mode.class)
    @DisplayName("T-G01 T-G02 T-G03 a written page is reported, a page that is not reported was not written")
    void shouldReportWhatAGuestWritesAllTheTime(Mode mode) throws InterruptedException {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        System.out.println("enclosure.seed=" + seed);
        try (Run run = new Run(mode, seed)) {
            awaitFirstPass(run);
            run.vcpu.pause();
            run.collect(); // what the first pass wrote
            run.iteration.incrementAndGet();
            run.vcpu.resume();
            for (int i = 0; i < ITERATIONS; i++) {
                run.round();
            }
            assertEquals(mode == Mode.DIRTY_RING, run.ringFull.get() > 0,
                    "the ring has less room than there are pages");
        }
    }

    private static void awaitFirstPass(Run run) throws InterruptedException {
        while (run.mapping.loadLong((PAGES - 1) * PAGE) == 0) {
            if (run.mode == Mode.DIRTY_RING) {
                run.collect(); // or the first pass would never end
            }
            Thread.sleep(1);
        }
    }

    @Test
    @DisplayName("T-G12 a kick ends the run with EINTR, a full ring exits with 31")
    void shouldEndRunsAsKvmDoes() throws Exception {
        try (Run run = new Run(Mode.DIRTY_LOG, 1)) {
            awaitFirstPass(run);
            run.vcpu.kick();
            assertEquals(ExitReason.INTERRUPTED, run.end.get(60, TimeUnit.SECONDS).reason());
        }
        assertEquals(31, ExitReason.DIRTY_RING_FULL.number());
    }
}
