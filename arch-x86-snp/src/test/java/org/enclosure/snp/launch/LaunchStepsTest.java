package org.enclosure.snp.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.List;

import org.enclosure.spi.LaunchItem;
import org.junit.jupiter.api.Test;

class LaunchStepsTest {
    private static final int PAGE = 4096;

    @Test
    void shouldLoadTheImageThenTheSectionsThenTheVcpus() {
        assertEquals(List.of("NORMAL fffff image", "ZERO 800", "ZERO 801", "CPUID 80e", "SECRETS 80d", "ZERO 80f",
                "ZERO 810", "VMSA fffffff0", "VMSA 80b004"), names(steps(Vmm.QEMU, false, PageOrder.VMM)));
    }

    @Test
    void shouldLoadTheCpuidPageLastOnEc2() {
        assertEquals(List.of("NORMAL fffff image", "ZERO 800", "ZERO 801", "SECRETS 80d", "ZERO 80f", "ZERO 810",
                "CPUID 80e", "VMSA fffffff0", "VMSA 80b004"), names(steps(Vmm.EC2, false, PageOrder.VMM)));
    }

    @Test
    void shouldNotMeasureTheMemoryOfTheFirmwareOnGce() {
        assertEquals(List.of("NORMAL fffff image", "UNMEASURED 800", "UNMEASURED 801", "CPUID 80e", "SECRETS 80d",
                "ZERO 80f", "ZERO 810", "VMSA fffffff0", "VMSA 80b004"),
                names(steps(Vmm.GCE, false, PageOrder.VMM)));
    }

    @Test
    void shouldPutPagesIntoEachOrder() {
        assertEquals(List.of("NORMAL fffff image", "NORMAL 810 hashes c00", "ZERO 800", "ZERO 801", "CPUID 80e",
                "SECRETS 80d", "ZERO 80f", "VMSA fffffff0", "VMSA 80b004"),
                names(steps(Vmm.QEMU, true, PageOrder.HASHES_FIRST)));
        assertEquals(List.of("ZERO 800", "ZERO 801", "SECRETS 80d", "CPUID 80e", "ZERO 80f", "NORMAL 810 hashes c00",
                "NORMAL fffff image", "VMSA fffffff0", "VMSA 80b004"),
                names(steps(Vmm.QEMU, true, PageOrder.ASCENDING)));
        assertEquals("NORMAL fffff image", names(steps(Vmm.QEMU, false, PageOrder.IMAGE_LAST)).get(6));
        assertEquals(names(steps(Vmm.QEMU, false, PageOrder.VMM)), names(steps(Vmm.EC2, false, PageOrder.METADATA)));
        assertEquals(names(steps(Vmm.EC2, false, PageOrder.VMM)), names(steps(Vmm.QEMU, false, PageOrder.CPUID_LAST)));
    }

    @Test
    void shouldHaveNoSectionsInTheOldModes() {
        MemorySegment image = full().build();
        assertEquals(List.of("NORMAL fffff image", "NORMAL 810 hashes c00"),
                names(LaunchSteps.firmware(image, Mode.SEV, Vmm.QEMU, true, PageOrder.VMM)));
        assertEquals(List.of("NORMAL fffff image", "VMSA fffffff0", "VMSA 80b004"),
                names(LaunchSteps.firmware(image, Mode.SEVES, Vmm.QEMU, false, PageOrder.VMM)));
    }

    @Test
    void shouldNeedOnlyWhatTheModeNeeds() {
        MemorySegment nothing = MemorySegment.ofArray(new byte[PAGE]);
        assertEquals(1, LaunchSteps.firmware(nothing, Mode.SEV, Vmm.QEMU, false, PageOrder.VMM).size());
        assertRefused(FirmwareFault.NO_FOOTER, "kernel hashes", nothing, Mode.SEV, true);
        assertRefused(FirmwareFault.NO_FOOTER, "reset block", nothing, Mode.SEVES, false);
        assertRefused(FirmwareFault.NO_FOOTER, "SEV metadata", nothing, Mode.SNP, false);
        MemorySegment noReset = new FirmwareBuilder(PAGE).sections().build();
        assertRefused(FirmwareFault.NO_RESET_BLOCK, "reset block", noReset, Mode.SNP, false);
        MemorySegment noHashes = new FirmwareBuilder(PAGE).sections().resetBlock().build();
        assertRefused(FirmwareFault.NO_HASHES_SECTION, "type 0x10", noHashes, Mode.SNP, true);
        assertRefused(FirmwareFault.NO_HASHES_TABLE, "place for kernel hashes", noHashes, Mode.SEVES, true);
        MemorySegment noPlace = new FirmwareBuilder(PAGE).sections(0x810000, PAGE, 0x10).resetBlock().build();
        assertRefused(FirmwareFault.NO_HASHES_TABLE, "place for kernel hashes", noPlace, Mode.SNP, true);
    }

    @Test
    void shouldRefuseSectionsThatCannotBeLoaded() {
        assertSection("its type is not known", 0x800000, PAGE, 5);
        assertSection("its type is not known", 0x800000, PAGE, 0);
        assertSection("type=0xffffffff", 0x800000, PAGE, -1);
        assertSection("multiples of 4096", 0x800001, PAGE, 1);
        assertSection("multiples of 4096", 0x800000, PAGE + 1, 1);
        assertSection("multiples of 4096", 0x800000, 0, 1);
        assertSection("passes 4 GiB", -PAGE, 2 * PAGE, 1);
        assertSection("one page of 4096 bytes", 0x800000, 2 * PAGE, 2);
        assertSection("one page of 4096 bytes", 0x800000, 2 * PAGE, 3);
        assertSection("overlaps the image", -PAGE, PAGE, 1);
        assertSection("overlaps the image", -2 * PAGE, 2 * PAGE, 1);
        assertSection("overlaps the section type=0x1 gpa=0x800000 size=0x2000", 0x800000, 2 * PAGE, 1, 0x801000, PAGE,
                2);
        assertSection("overlaps the section", 0x801000, PAGE, 2, 0x800000, 3 * PAGE, 1);
        MemorySegment touching = new FirmwareBuilder(PAGE)
                .sections(0x800000, PAGE, 1, 0x801000, PAGE, 1, -2 * PAGE, PAGE, 1).resetBlock().build();
        assertEquals(6, LaunchSteps.firmware(touching, Mode.SNP, Vmm.QEMU, false, PageOrder.VMM).size());
    }

    @Test
    void shouldRefuseAHashesSectionOfMoreThanAPageOnlyWithAKernel() {
        MemorySegment image = new FirmwareBuilder(PAGE).sections(0x810000, 2 * PAGE, 0x10).resetBlock()
                .hashes(0x810c00, 0x400).build();
        assertEquals(5, LaunchSteps.firmware(image, Mode.SNP, Vmm.QEMU, false, PageOrder.VMM).size());
        assertRefused(FirmwareFault.HASHES_AREA, "has to have 4096 bytes", image, Mode.SNP, true);
    }

    @Test
    void shouldRefuseAPlaceForHashesInTheImage() {
        MemorySegment image = new FirmwareBuilder(PAGE).hashes(-PAGE - 175, 176).build();
        assertRefused(FirmwareFault.HASHES_AREA, "in its page", image, Mode.SEV, true);
        MemorySegment inside = new FirmwareBuilder(PAGE).hashes(-PAGE, 176).build();
        assertRefused(FirmwareFault.HASHES_AREA, "lies in the image", inside, Mode.SEV, true);
        MemorySegment below = new FirmwareBuilder(PAGE).hashes(-PAGE - 176, 176).build();
        assertEquals(2, LaunchSteps.firmware(below, Mode.SEV, Vmm.QEMU, true, PageOrder.VMM).size());
    }

    @Test
    void shouldLoadAPayloadWithoutLookingAtTables() {
        assertEquals(List.of("NORMAL 10 image", "NORMAL 11 image", "VMSA fffffff0", "VMSA fffffff0"),
                names(LaunchSteps.payload(2 * PAGE, 0x10000, Mode.SNP)));
        assertEquals(2, LaunchSteps.payload(2 * PAGE, 0x10000, Mode.SEV).size());
    }

    private static void assertSection(String text, int... sections) {
        MemorySegment image = new FirmwareBuilder(PAGE).sections(sections).resetBlock().build();
        assertRefused(FirmwareFault.SECTION, text, image, Mode.SNP, false);
    }

    private static void assertRefused(FirmwareFault fault, String text, MemorySegment image, Mode mode,
            boolean hasKernel) {
        FirmwareTest.assertFault(fault, text,
                () -> LaunchSteps.firmware(image, mode, Vmm.QEMU, hasKernel, PageOrder.VMM));
    }

    private static List<LaunchItem> steps(Vmm vmm, boolean hasKernel, PageOrder order) {
        return LaunchSteps.firmware(full().build(), Mode.SNP, vmm, hasKernel, order);
    }

    private static FirmwareBuilder full() {
        return new FirmwareBuilder(PAGE).sections(0x800000, 2 * PAGE, 1, 0x80e000, PAGE, 3, 0x80d000, PAGE, 2, 0x80f000,
                PAGE, 4, 0x810000, PAGE, 0x10).resetBlock().hashes(0x810c00, 0x400);
    }

    private static List<String> names(List<LaunchItem> items) {
        return items.stream().map(LaunchStepsTest::name).toList();
    }

    private static String name(LaunchItem item) {
        String name = PageType.nameOf(item.type()) + " ";
        if (item.kind() == LaunchItem.Kind.RANGE) {
            return name + Long.toHexString(LaunchFlags.eip(item));
        }
        name += Long.toHexString(item.gfn()) + (item.imageOffset() >= 0 ? " image" : "");
        return LaunchFlags.isHashes(item) ? name + " hashes " + Integer.toHexString(LaunchFlags.offset(item)) : name;
    }
}
