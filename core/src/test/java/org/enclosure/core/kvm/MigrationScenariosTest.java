package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.ENCRYPTED;
import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.RAM;
import static org.enclosure.core.kvm.GuestVm.mapGpaRange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vm.MigrationSnapshot;
import org.enclosure.api.vm.PageRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The three races of "KVM: x86: Introduce KVM_GET_SHARED_PAGES_LIST ioctl" (v10, 2021), in one process: the naive order is
/// caught, the right one passes.
class MigrationScenariosTest {
    private static final long PAGES = 8;

    private static List<PageRange> all(long page) {
        return List.of(new PageRange(page * PAGE, PAGE));
    }

    /// Private pages with something in them, and a first full pass.
    private static void firstPass(Transfer transfer) {
        transfer.source.run(cpu -> {
            for (long page = 0; page < PAGES; page++) {
                cpu.storeLong(page * PAGE, 100 + page);
            }
        });
        MigrationSnapshot snapshot = transfer.source.vm.migration().snapshot();
        transfer.send(snapshot.dirty(), snapshot.shared());
    }

    private static void lastPass(Transfer transfer) {
        MigrationSnapshot last = transfer.source.vm.migration().snapshot();
        transfer.send(last.dirty(), last.shared());
        transfer.arrive(last.shared());
    }

    @Test
    @DisplayName("scenario 1: a guest that writes first and announces on the destination loses what it wrote")
    void shouldCatchAGuestThatWritesBeforeItAnnounces() {
        try (Transfer transfer = new Transfer()) {
            firstPass(transfer);
            transfer.source.run(cpu -> cpu.storeLong(2 * PAGE, 0)); // zeroes the first half of what it is about to share
            lastPass(transfer);
            assertEquals(List.of(), transfer.differences(PAGES));
            transfer.destination.run(cpu -> {
                cpu.storeLong(2 * PAGE + 2048, 0); // and the second half here
                assertEquals(0, mapGpaRange(cpu, 2 * PAGE, PAGE, 0));
            });
            assertNotEquals(0, transfer.destination.mapping.loadLong(2 * PAGE), "the device sees no zeroes");
        }
    }

    @Test
    @DisplayName("scenario 1, right: announce first, then write under the new status")
    void shouldCarryAGuestThatAnnouncesBeforeItWrites() {
        try (Transfer transfer = new Transfer()) {
            firstPass(transfer);
            transfer.source.run(cpu -> {
                assertEquals(0, mapGpaRange(cpu, 2 * PAGE, PAGE, 0));
                cpu.storeLong(2 * PAGE, 0);
            });
            lastPass(transfer);
            transfer.destination.run(cpu -> cpu.storeLong(2 * PAGE + 2048, 0));
            assertEquals(0, transfer.destination.mapping.loadLong(2 * PAGE));
            assertEquals(0, transfer.destination.mapping.loadLong(2 * PAGE + 2048));
            assertEquals(List.of(), transfer.differences(PAGES));
        }
    }

    @Test
    @DisplayName("scenario 2: a VMM that reads the list before the dirty log sends a page by its old status")
    void shouldCatchAListThatIsReadBeforeTheDirtyLog() {
        try (Transfer transfer = new Transfer()) {
            firstPass(transfer);
            List<PageRange> list = transfer.source.vm.sharedPages().get();
            transfer.source.run(cpu -> {
                assertEquals(0, mapGpaRange(cpu, 3 * PAGE, PAGE, 0));
                cpu.storeLong(3 * PAGE, 33);
            });
            List<PageRange> dirty = transfer.source.vm.migration().snapshot().dirty();
            assertEquals(all(3), dirty);
            transfer.send(dirty, list);
            transfer.arrive(list);
            assertEquals(List.of(3L), transfer.differences(PAGES));
        }
    }

    @Test
    @DisplayName("scenario 2, right: dirty, status and epoch of one moment, whatever the guest does before or after")
    void shouldCarryWhatIsReadInOneMoment() {
        try (Transfer transfer = new Transfer()) {
            firstPass(transfer);
            transfer.source.run(cpu -> {
                assertEquals(0, mapGpaRange(cpu, 3 * PAGE, PAGE, 0));
                cpu.storeLong(3 * PAGE, 33);
            });
            MigrationSnapshot second = transfer.source.vm.migration().snapshot();
            assertEquals(1, second.epoch());
            assertEquals(all(3), second.dirty());
            assertEquals(all(3), second.shared());
            transfer.source.run(cpu -> {
                assertEquals(0, mapGpaRange(cpu, 4 * PAGE, PAGE, 0)); // after the look, before the content is read
                cpu.storeLong(4 * PAGE, 44);
                cpu.storeLong(3 * PAGE, 34);
            });
            transfer.send(second.dirty(), second.shared());
            lastPass(transfer);
            assertEquals(List.of(), transfer.differences(PAGES));
            assertEquals(34, transfer.destination.mapping.loadLong(3 * PAGE));
            assertEquals(44, transfer.destination.mapping.loadLong(4 * PAGE));
        }
    }

    @Test
    @DisplayName("scenario 3: a guest that flips a page back and forth and expects its old bytes is disappointed")
    void shouldCatchAGuestThatReliesOnBytesOverAFlip() {
        try (Transfer transfer = new Transfer()) {
            transfer.source.run(cpu -> cpu.storeLong(5 * PAGE, 55));
            List<PageRange> dirty = transfer.source.vm.migration().snapshot().dirty();
            transfer.source.run(cpu -> assertEquals(0, mapGpaRange(cpu, 5 * PAGE, PAGE, 0)));
            List<PageRange> list = transfer.source.vm.sharedPages().get();
            transfer.send(dirty, list);
            transfer.arrive(list);
            transfer.destination.run(cpu -> {
                assertEquals(0, mapGpaRange(cpu, 5 * PAGE, PAGE, ENCRYPTED));
                assertNotEquals(55, cpu.loadLong(5 * PAGE));
            });
        }
    }

    @Test
    @DisplayName("scenario 3, right: a flip makes the page dirty, and a guest that writes it anew finds what it wrote")
    void shouldCarryAGuestThatWritesAnewAfterAFlip() {
        try (Transfer transfer = new Transfer()) {
            firstPass(transfer);
            transfer.source.run(cpu -> assertEquals(0, mapGpaRange(cpu, 5 * PAGE, PAGE, 0)));
            MigrationSnapshot flipped = transfer.source.vm.migration().snapshot();
            assertEquals(all(5), flipped.dirty(), "nobody wrote it");
            transfer.send(flipped.dirty(), flipped.shared());
            transfer.source.run(cpu -> assertEquals(0, mapGpaRange(cpu, 5 * PAGE, PAGE, ENCRYPTED)));
            lastPass(transfer);
            assertEquals(List.of(), transfer.differences(PAGES));
            transfer.destination.run(cpu -> {
                cpu.storeLong(5 * PAGE, 56);
                assertEquals(56, cpu.loadLong(5 * PAGE));
            });
        }
    }

    @Test
    @DisplayName("rule H3: a request that was in flight is not consumed; the guest asks again on the destination")
    void shouldLeaveARequestInFlightToTheDestination() {
        try (Transfer transfer = new Transfer()) {
            VmExit stopped = transfer.source.run(cpu -> mapGpaRange(cpu, PAGE, PAGE, 0), exit -> ExitAction.STOP);
            assertEquals(ExitReason.HYPERCALL, stopped.reason());
            MigrationSnapshot last = transfer.source.vm.migration().snapshot();
            assertEquals(List.of(), last.shared());
            transfer.arrive(last.shared());
            transfer.destination.run(cpu -> assertEquals(0, mapGpaRange(cpu, PAGE, PAGE, 0)));
            assertEquals(MemoryKind.SHARED, transfer.destination.kind(PAGE));
        }
    }

    @Test
    @DisplayName("snapshots beside a guest that converts and writes: every page that ends differently was reported")
    void shouldReportEveryChangeUnderARunningGuest() throws Exception {
        try (GuestVm m = GuestVm.with("status=list", "private-log=on", "page=4k")) {
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<VmExit> end = GuestVm.start(m.vcpu, cpu -> {
                for (long i = 1; !stop.get(); i++) {
                    long page = i * 7 % 64;
                    assertEquals(0, mapGpaRange(cpu, page * PAGE, PAGE, i % 2 == 0 ? ENCRYPTED : 0));
                    cpu.storeLong((page + 1) % 64 * PAGE, i);
                }
            }, ExitHandler.POLICY);
            long epoch = m.vm.migration().snapshot().epoch();
            List<PageRange> believed = m.vm.migration().snapshot().shared();
            List<Long> reported = new ArrayList<>();
            for (int round = 0; round < 200; round++) {
                MigrationSnapshot next = m.vm.migration().snapshot();
                assertEquals(epoch + 2 + round, next.epoch());
                List<Long> dirty = Transfer.pages(next.dirty());
                List<Long> before = Transfer.pages(believed);
                List<Long> now = Transfer.pages(next.shared());
                for (long page = 0; page < RAM / PAGE; page++) {
                    assertTrue(before.contains(page) == now.contains(page) || dirty.contains(page),
                            "page " + page + " changed its kind unreported, epoch " + next.epoch());
                }
                reported.addAll(dirty);
                believed = next.shared();
            }
            stop.set(true);
            assertEquals(ExitReason.HALTED, end.get(60, TimeUnit.SECONDS).reason());
            assertFalse(reported.isEmpty());
        }
    }
}
