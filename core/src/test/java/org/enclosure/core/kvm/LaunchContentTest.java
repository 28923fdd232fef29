package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.pattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Map;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.vm.LaunchReport;
import org.enclosure.api.vm.VmOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Initial content: by image, by vCPU with a source, by vCPU in place; one way, so one digest.
class LaunchContentTest {
    private static Errno refused(Runnable call) {
        return assertThrows(GuestMemoryException.class, call::run).errno();
    }

    private static MemorySegment image(int pages) {
        byte[] bytes = new byte[(int) (pages * PAGE)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + i / 4096);
        }
        return MemorySegment.ofArray(bytes);
    }

    private static GuestVm privateVm() {
        GuestVm vm = GuestVm.with("page=4k");
        vm.vm.conversions().convert(0, GuestVm.RAM, MemoryKind.PRIVATE);
        return vm;
    }

    @Test
    @DisplayName("image, copies and in place load the same pages with the same digest")
    void shouldMeasureTheSameByAllWays() {
        MemorySegment image = image(3);
        String byImage;
        try (GuestVm m = privateVm()) {
            byImage = m.vm.launch(image, Map.of("gpa", "0x2000")).digest();
        }
        try (GuestVm m = privateVm()) {
            assertEquals(2 * PAGE, m.vcpu.preMap(2 * PAGE, image.asSlice(0, 2 * PAGE)));
            assertEquals(PAGE, m.vcpu.preMap(4 * PAGE, image.asSlice(2 * PAGE, PAGE)));
            LaunchReport report = m.vm.finishLaunch();
            assertEquals(byImage, report.digest());
            assertEquals(3, report.pages());
            assertEquals(3, report.copied());
            assertEquals(2 * PAGE, report.gpa());
        }
        try (GuestVm m = GuestVm.with("page=4k")) {
            byte[] bytes = image.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            m.mapping.write(2 * PAGE, bytes, 0, bytes.length); // loaded while shared
            m.store.convert(2 * PAGE, 3 * PAGE, MemoryKind.PRIVATE); // kept
            assertEquals(3 * PAGE, m.vcpu.preMapInPlace(2 * PAGE, 3 * PAGE));
            LaunchReport report = m.vm.finishLaunch();
            assertEquals(byImage, report.digest());
            assertEquals(0, report.copied());
            m.run(cpu -> {
                byte[] seen = new byte[bytes.length];
                cpu.read(2 * PAGE, seen, 0, seen.length);
                assertEquals(MemorySegment.ofArray(bytes).mismatch(MemorySegment.ofArray(seen)), -1);
            });
        }
    }

    @Test
    @DisplayName("content by vCPU first, an image at the end: one launch")
    void shouldEndWithAnImage() {
        try (GuestVm m = privateVm()) {
            m.vcpu.preMap(0, image(1));
            LaunchReport report = m.vm.launch(image(2), Map.of("gpa", "0x4000"));
            assertEquals(3, report.pages());
            assertEquals(0, report.gpa());
            assertEquals(Errno.EBUSY, refused(() -> m.vcpu.preMap(8 * PAGE, image(1))), "the launch is over");
            assertEquals(Errno.EBUSY, refused(() -> m.vcpu.preMapInPlace(8 * PAGE, PAGE)));
            assertEquals(Errno.EBUSY, refused(m.vm::finishLaunch));
        }
    }

    @Test
    @DisplayName("partial progress: what was done is told, the rest is asked for again")
    void shouldTellHowFarItCame() {
        try (GuestVm m = GuestVm.with("page=4k")) {
            m.store.convert(0, 2 * PAGE, MemoryKind.PRIVATE);
            assertEquals(2 * PAGE, m.vcpu.preMap(0, image(4)));
            assertEquals(Errno.EINVAL, refused(() -> m.vcpu.preMap(2 * PAGE, image(2))), "page 2 is shared");
            m.store.convert(2 * PAGE, 2 * PAGE, MemoryKind.PRIVATE);
            assertEquals(2 * PAGE, m.vcpu.preMap(2 * PAGE, image(4).asSlice(2 * PAGE)));
            m.vm.finishLaunch();
            m.run(cpu -> {
                byte[] seen = new byte[(int) (4 * PAGE)];
                cpu.read(0, seen, 0, seen.length);
                assertEquals(-1, MemorySegment.ofArray(seen).mismatch(image(4)));
            });
        }
    }

    @Test
    @DisplayName("EBUSY: a guest has been entered; a pre-fault is no entry")
    void shouldLoadNothingIntoARunningGuest() {
        try (GuestVm m = privateVm()) {
            m.vcpu.preFault(0, 4 * PAGE);
            assertEquals(PAGE, m.vcpu.preMap(0, image(1)));
            m.run(cpu -> cpu.storeLong(PAGE, 7));
            assertEquals(Errno.EBUSY, refused(() -> m.vcpu.preMap(PAGE, image(1))));
            assertEquals(Errno.EBUSY, refused(() -> m.vcpu.preMapInPlace(PAGE, PAGE)));
            assertEquals(Errno.EBUSY, refused(() -> m.vm.launch(image(1), Map.of("gpa", "0x1000"))));
            m.run(cpu -> assertEquals(7, cpu.loadLong(PAGE)));
        }
    }

    @Test
    @DisplayName("partial progress of an image: the same call again goes on, and the digest is that of one call")
    void shouldGoOnWithAnImage() {
        String atOnce;
        Map<String, String> options = Map.of("gpa", "0x2000");
        try (GuestVm m = privateVm()) {
            atOnce = m.vm.launch(image(4), options).digest();
        }
        try (GuestVm m = privateVm()) {
            m.store.allocate(0, GuestVm.RAM);
            m.host.memoryFailure(m.vm.inspect(4 * PAGE).pa());
            assertEquals(Errno.EHWPOISON, refused(() -> m.vm.launch(image(4), options)));
            assertEquals(Errno.EEXIST, refused(() -> m.vm.launch(image(1), options)), "another image over it");
            assertEquals(Errno.EHWPOISON, refused(() -> m.vm.launch(image(4), options)));
            m.store.punchHole(4 * PAGE, PAGE);
            LaunchReport report = m.vm.launch(image(4), options);
            assertEquals(atOnce, report.digest());
            assertEquals(4, report.pages());
            m.run(cpu -> {
                byte[] seen = new byte[(int) (4 * PAGE)];
                cpu.read(2 * PAGE, seen, 0, seen.length);
                assertEquals(-1, MemorySegment.ofArray(seen).mismatch(image(4)));
            });
        }
    }

    @Test
    @DisplayName("errors: no private memory, illegal ranges, nothing behind, loaded twice, nothing to finish")
    void shouldRefuseWhatCannotBeLoaded() {
        try (GuestVm m = privateVm()) {
            assertEquals(Errno.EINVAL, refused(m.vm::finishLaunch));
            assertEquals(Errno.EINVAL, refused(() -> m.vcpu.preMap(1, image(1))));
            assertEquals(Errno.EINVAL, refused(() -> m.vcpu.preMap(0, MemorySegment.ofArray(new byte[1]))));
            assertEquals(Errno.EINVAL, refused(() -> m.vcpu.preMapInPlace(0, 0)));
            assertEquals(Errno.EINVAL, refused(() -> m.vcpu.preMapInPlace(-PAGE, 2 * PAGE)));
            assertEquals(Errno.EFAULT, refused(() -> m.vcpu.preMap(GuestVm.RAM, image(1))));
            assertEquals(PAGE, m.vcpu.preMap(GuestVm.RAM - PAGE, image(2)), "up to the slot's end");
            assertEquals(Errno.EEXIST, refused(() -> m.vcpu.preMap(GuestVm.RAM - PAGE, image(1))));
            assertEquals(Errno.EEXIST, refused(() -> m.vm.launch(image(1),
                    Map.of("gpa", Long.toString(GuestVm.RAM - PAGE)))));
            var plain = m.host.createVm(VmOptions.of("default"));
            try (var vcpu = plain.createVcpu(0)) {
                assertEquals(Errno.EINVAL, refused(() -> vcpu.preMap(0, image(1))));
            }
        }
    }

    @Test
    @DisplayName("a VM type that cannot measure in place: EOPNOTSUPP")
    void shouldRefuseInPlaceWhereTheTypeCannot() {
        try (GuestVm m = GuestVm.ofTest("backend-owned")) {
            m.vm.conversions().convert(0, PAGE, MemoryKind.PRIVATE);
            assertEquals(Errno.EOPNOTSUPP, refused(() -> m.vcpu.preMapInPlace(0, PAGE)));
            assertEquals(PAGE, m.vcpu.preMap(0, image(1)));
        }
    }

    @Test
    @DisplayName("pages that were loaded are the guest's: the host cannot read them")
    void shouldHideLoadedPages() {
        try (GuestVm m = privateVm()) {
            m.vcpu.preMap(0, MemorySegment.ofArray(pattern(PAGE, 0x77)));
            m.vm.finishLaunch();
            assertThrows(org.enclosure.api.host.HostAccessException.class,
                    () -> m.host.physical().loadLong(m.vm.inspect(0).pa()));
            m.run(cpu -> assertTrue(GuestVm.holds(cpu, 0, PAGE, 0x77)));
        }
    }
}
