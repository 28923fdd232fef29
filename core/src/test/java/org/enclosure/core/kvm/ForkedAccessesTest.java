package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The case of guest_memfd_conversions_test with two processes. In-place backing alone, as the others of its group.
class ForkedAccessesTest {
    private static Signal signalOf(Runnable access) {
        return assertThrows(HostAccessException.class, access::run).signal();
    }

    @ParameterizedTest(name = "T-F08 [page {0} of 4]")
    @ValueSource(ints = {0, 1, 3})
    @DisplayName("T-F08 forked_accesses: a conversion takes the page from every process; afterwards both see the data")
    void shouldTakeAPageFromEveryProcess(int page) throws Exception {
        try (StoreConversionArea area = new StoreConversionArea(4, true, "4k");
                HostAddressSpace child = area.process.duplicate()) {
            HostMapping inChild = child.mappingAt(area.mapping.hva());
            CountDownLatch touched = new CountDownLatch(1);
            CountDownLatch converted = new CountDownLatch(1);
            area.mapping.storeLong(page * PAGE, 'A');
            CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(() -> {
                assertEquals('A', inChild.loadLong(page * PAGE));
                touched.countDown();
                try {
                    converted.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                assertEquals(Signal.SIGBUS, signalOf(() -> inChild.loadLong(page * PAGE)));
                assertEquals(Signal.SIGBUS, signalOf(() -> inChild.storeLong(page * PAGE, 'X')));
                return true;
            });
            touched.await(60, TimeUnit.SECONDS);
            area.toPrivate(page);
            converted.countDown();
            end.get(60, TimeUnit.SECONDS);
            assertEquals(Signal.SIGBUS, signalOf(() -> area.mapping.loadLong(page * PAGE)));
            area.toShared(page);
            assertEquals('A', inChild.loadLong(page * PAGE));
            inChild.storeLong(page * PAGE, 'B');
            assertEquals('B', area.mapping.loadLong(page * PAGE));
        }
    }
}
