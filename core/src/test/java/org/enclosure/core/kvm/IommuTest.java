package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.ENCRYPTED;
import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.RAM;
import static org.enclosure.core.kvm.GuestVm.mapGpaRange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.IommuModel;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The IOMMU model as a participant.
class IommuTest {
    private static GuestVm with(IommuModel iommu, String... policies) {
        GuestVm m = GuestVm.with(options -> options.with(iommu), policies);
        iommu.attach(m.mapping, m.store, 0);
        return m;
    }

    private static GuestMemoryException refused(Runnable call) {
        return assertThrows(GuestMemoryException.class, call::run);
    }

    @Test
    @DisplayName("the device loses a page before it becomes private and gets it after it has become shared")
    void shouldUnmapBeforePrivateAndMapAfterShared() {
        IommuModel iommu = new IommuModel("vfio", 16);
        Witness witness = new Witness(iommu);
        try (iommu; GuestVm m = GuestVm.with(options -> options.with(iommu).with(witness))) {
            witness.vm = m;
            iommu.attach(m.mapping, m.store, 0);
            iommu.map(0, 4 * PAGE);
            iommu.storeLong(PAGE + 8, 7);
            m.run(cpu -> {
                assertEquals(7, cpu.loadLong(PAGE + 8), "DMA arrives in guest memory");
                assertEquals(0, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED));
                assertEquals(Signal.SIGSEGV,
                        assertThrows(HostAccessException.class, () -> iommu.loadLong(PAGE)).signal());
                assertEquals(0, mapGpaRange(cpu, PAGE, PAGE, 0));
                assertEquals(7, iommu.loadLong(PAGE + 8));
            });
            assertEquals(List.of("prepare private 3 shared", "commit private 3 private", "prepare shared 3 private",
                    "commit shared 4 shared"), witness.seen);
        }
    }

    /// Writes down what it is told, how many pages the device reaches at that moment, and the kind of a page.
    private static final class Witness implements Participant {
        private final IommuModel iommu;
        private final List<String> seen = new ArrayList<>();
        private @Nullable GuestVm vm;

        Witness(IommuModel iommu) {
            this.iommu = iommu;
        }

        private void note(String what, ConversionRequest request) {
            seen.add(what + " " + request.target() + " " + iommu.mappedBytes() / PAGE + " "
                    + Objects.requireNonNull(vm).kind(PAGE));
        }

        @Override
        public String name() {
            return "witness";
        }

        @Override
        public boolean prepare(ConversionRequest request) {
            note("prepare", request);
            return true;
        }

        @Override
        public void commit(ConversionRequest request) {
            note("commit", request);
        }

        @Override
        public void abort(ConversionRequest request) {
            note("abort", request);
        }
    }

    @Test
    @DisplayName("neighbours are one mapping; one more than the limit is vetoed and nothing changes")
    void shouldCoalesceAndVetoAboveTheLimit() {
        IommuModel iommu = new IommuModel("vfio", 2);
        try (iommu; GuestVm m = with(iommu)) {
            iommu.map(0, 8 * PAGE);
            assertEquals(1, iommu.mappings());
            m.store.convert(2 * PAGE, PAGE, MemoryKind.PRIVATE);
            assertEquals(2, iommu.mappings());
            GuestMemoryException veto = refused(() -> m.store.convert(5 * PAGE, PAGE, MemoryKind.PRIVATE));
            assertEquals(Errno.EAGAIN, veto.errno());
            assertEquals(List.of("vfio"), veto.holders());
            assertEquals(2, iommu.mappings());
            assertEquals(MemoryKind.SHARED, m.kind(5 * PAGE));
            m.store.convert(2 * PAGE, PAGE, MemoryKind.SHARED);
            assertEquals(1, iommu.mappings(), "one again");
            m.store.convert(5 * PAGE, PAGE, MemoryKind.PRIVATE);
            m.store.convert(6 * PAGE, 2 * PAGE, MemoryKind.PRIVATE);
            assertEquals(1, iommu.mappings());
            assertEquals(5 * PAGE, iommu.mappedBytes());
        }
    }

    @Test
    @DisplayName("a later veto gives the device back what it had")
    void shouldTakeBackWhatWasGivenUpInVain() {
        IommuModel iommu = new IommuModel("vfio", 8);
        try (iommu; GuestVm m = with(iommu); var pin = m.mapping.pin(3 * PAGE, PAGE, "vhost")) {
            iommu.map(0, 8 * PAGE);
            assertEquals(List.of(pin.holder()),
                    refused(() -> m.store.convert(2 * PAGE, 4 * PAGE, MemoryKind.PRIVATE)).holders());
            assertEquals(1, iommu.mappings());
            assertEquals(8 * PAGE, iommu.mappedBytes());
        }
    }

    @Test
    @DisplayName("a piece that cannot be mapped again is a veto, and the other piece is held by nobody for ever")
    void shouldHoldNothingAfterAVeto() {
        try (IommuModel iommu = new IommuModel("vfio", 4); GuestVm m = GuestVm.with(options -> options.with(iommu))) {
            iommu.attach(m.mapping, m.store, 0);
            iommu.map(0, 8 * PAGE);
            m.mapping.unmap(6 * PAGE, PAGE);
            assertEquals(Errno.EAGAIN, refused(() -> m.store.convert(2 * PAGE, PAGE, MemoryKind.PRIVATE)).errno());
            assertEquals(8 * PAGE, iommu.mappedBytes());
            iommu.attach(m.mapping, m.store, 0); // unmaps everything
            m.store.convert(0, RAM, MemoryKind.PRIVATE);
        }
    }

    @Test
    @DisplayName("whatever is converted, by address or by offset, the device reaches the shared pages and no others")
    void shouldFollowEveryConversion() {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        System.out.println("enclosure.seed=" + seed);
        Random random = new Random(seed);
        IommuModel iommu = new IommuModel("vfio", 8);
        int pages = (int) (RAM / PAGE) / 32;
        try (iommu; GuestVm m = with(iommu, "page=4k")) {
            iommu.map(0, pages * PAGE);
            BitSet shared = new BitSet();
            shared.set(0, pages);
            int vetoes = 0;
            for (int i = 0; i < 400; i++) {
                int start = random.nextInt(pages);
                int count = 1 + random.nextInt(Math.min(12, pages - start));
                MemoryKind kind = MemoryKind.of(random.nextBoolean());
                try {
                    if (random.nextBoolean()) {
                        m.store.convert(start * PAGE, count * PAGE, kind);
                    } else {
                        m.vm.conversions().convert(start * PAGE, count * PAGE, kind);
                    }
                    shared.set(start, start + count, !kind.isPrivate());
                } catch (GuestMemoryException e) {
                    assertEquals(List.of("vfio"), e.holders());
                    vetoes++;
                }
                assertEquals(runs(shared), iommu.mappings(), "enclosure.seed=" + seed + " step " + i);
                assertEquals(shared.cardinality() * PAGE, iommu.mappedBytes(), "enclosure.seed=" + seed + " step " + i);
            }
            System.out.println("vetoes: " + vetoes);
        }
    }

    private static int runs(BitSet bits) {
        int runs = 0;
        for (int at = bits.nextSetBit(0); at >= 0; at = bits.nextSetBit(bits.nextClearBit(at))) {
            runs++;
        }
        return runs;
    }
}
