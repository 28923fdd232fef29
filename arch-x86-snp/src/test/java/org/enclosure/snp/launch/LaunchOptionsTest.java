package org.enclosure.snp.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.spi.LaunchItem;
import org.junit.jupiter.api.Test;

class LaunchOptionsTest {
    private static final int SMALL = 4096;

    @Test
    void shouldHaveTheDefaultsThatUsersKnow() {
        LaunchOptions options = LaunchOptions.parse(Map.of());
        assertEquals(Mode.SNP, options.mode());
        assertEquals(Vmm.QEMU, options.vmm());
        assertEquals(1, options.features());
        assertEquals(-1, options.vcpus());
        assertEquals(VcpuType.EPYC, options.signature());
        assertArrayEquals(Vmsa.ofFirmware(Vmm.QEMU, 5, VcpuType.EPYC, 1), options.vmsa(5));
    }

    @Test
    void shouldTakeNamesInAnyCaseAndNumbersInBothForms() {
        LaunchOptions options = LaunchOptions.parse(Map.of("mode", "SEVES", "vmm", "EC2", "vcpus", "0x10", "vcpu-sig",
                "8392466", "guest-features", "0xffffffffffffffff"));
        assertEquals(Mode.SEVES, options.mode());
        assertEquals(Vmm.EC2, options.vmm());
        assertEquals(16, options.vcpus());
        assertEquals(0x800f12, options.signature());
        assertEquals(-1, options.features());
        assertArrayEquals(Vmsa.ofFirmware(Vmm.EC2, 5, 0x800f12, 0), options.vmsa(5), "SEV-ES has no features");
    }

    @Test
    void shouldNameOptionValueAndWhatIsLegal() {
        assertRefused("option colour of a launch is not known; legal: append,", "colour", "red");
        assertRefused("option mode=tdx is not legal; legal: snp, seves, sev", "mode", "tdx");
        assertRefused("option vmm= is not legal; legal: qemu, ec2, gce", "vmm", "");
        assertRefused("option vcpus=0 is not legal; legal: 1 to 512, decimal or 0x", "vcpus", "0");
        assertRefused("option vcpus=513 ", "vcpus", "513");
        assertRefused("option vcpus=many ", "vcpus", "many");
        assertRefused("option vcpus=+1 ", "vcpus", "+1");
        assertRefused("option vcpus=-1 ", "vcpus", "-1");
        assertRefused("option vcpus=0x ", "vcpus", "0x");
        assertRefused("option vcpu-type=486 is not legal; legal: EPYC, EPYC-v1,", "vcpu-type", "486");
        assertRefused("option vcpu-sig=0x100000000 ", "vcpu-sig", "0x100000000");
        assertRefused("option guest-features=0x10000000000000000 ", "guest-features", "0x10000000000000000");
        assertRefused("option gpa=0x1001 is not legal; legal: multiples of 4096", "gpa", "0x1001");
        assertRefused("option gpa=0xfffffffffffff000 ", "gpa", "0xfffffffffffff000");
        assertRefused("option ovmf-hash=00 is not legal; legal: 96 hex digits", "ovmf-hash", "00");
        assertRefused("option kernel-hashes=00 is not legal; legal: 352 hex digits", "kernel-hashes", "00");
        assertRefused("option page-order=random is not legal; legal: vmm, metadata, cpuid-last",
                "page-order",
                "random");
        assertRefused("option initrd=x goes with a kernel only", "initrd", "x");
        assertRefused("option append=x goes with a kernel only", "append", "x");
    }

    @Test
    void shouldRefuseOptionsThatContradictEachOther() {
        assertRefused("say the same thing", "vcpu-type", "EPYC", "vcpu-sig", "1");
        assertRefused("say the same thing", "kernel", "x", "kernel-hashes", "0".repeat(352));
        assertRefused("goes with mode=snp only, not with mode=sev", "ovmf-hash", "0".repeat(96), "mode", "sev");
    }

    @Test
    void shouldSayWhatAMeasurementOfFirmwareNeeds() {
        assertMissing("option vcpus is missing: mode snp", Map.of("vcpu-type", "EPYC"));
        assertMissing("option vcpu-type or vcpu-sig is missing: mode seves", Map.of("mode", "seves", "vcpus", "1"));
        assertMissing("option kernel=/does/not/exist cannot be read",
                Map.of("mode", "sev", "kernel", "/does/not/exist"));
        assertEquals(1, LaunchOptions.parse(Map.of("mode", "sev")).inputs(SMALL).vcpus());
        assertEquals(2, LaunchOptions.parse(Map.of("vmm", "gce", "vcpus", "2")).inputs(SMALL).vcpus());
        assertEquals(1, LaunchOptions.parse(Map.of("gpa", "0")).inputs(SMALL).vcpus());
    }

    @Test
    void shouldRefuseItemsOfAnotherLaunch() {
        MemorySegment image = MemorySegment.ofArray(new byte[SMALL]);
        Map<String, String> options = Map.of("gpa", "0");
        for (LaunchItem item : new LaunchItem[] {new LaunchItem(LaunchItem.Kind.PAGE, 0, 1, 4096, 1, 0),
                new LaunchItem(LaunchItem.Kind.PAGE, 0, 1, 1, 1, 0),
                new LaunchItem(LaunchItem.Kind.PAGE, 0, 1, 0, 0, 0),
                new LaunchItem(LaunchItem.Kind.PAGE, 0, 1, -1, 2, 0),
                new LaunchItem(LaunchItem.Kind.PAGE, 0, 1, -1, 7, 0),
                new LaunchItem(LaunchItem.Kind.PAGE, 0, 1, -1, 1, LaunchFlags.HASHES),
                new LaunchItem(LaunchItem.Kind.RANGE, 0, 1, -1, 1, 0)}) {
            assertThrows(IllegalArgumentException.class,
                    () -> SnpPlanner.INSTANCE.measure(List.of(item), image, options), item.toString());
        }
        assertThrows(IllegalArgumentException.class,
                () -> SnpPlanner.INSTANCE.plan(image, Map.of("gpa", "0", "kernel", "x")));
        assertThrows(IllegalArgumentException.class,
                () -> SnpPlanner.INSTANCE.plan(image, Map.of("gpa", "0xfffffffff000")));
    }

    private static void assertMissing(String text, Map<String, String> options) {
        LaunchOptions launch = LaunchOptions.parse(options);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> launch.inputs(SMALL));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(text), refused.getMessage());
    }

    private static void assertRefused(String text, String... namesAndValues) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            options.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> LaunchOptions.parse(options));
        assertTrue(String.valueOf(refused.getMessage()).contains(text), refused.getMessage());
    }
}
