package org.enclosure.tck.contract;

import static org.enclosure.tck.machine.TestVm.IMAGE;
import static org.enclosure.tck.machine.TestVm.IMAGE_BYTES;
import static org.enclosure.tck.machine.TestVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.vm.LaunchReport;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.VmType;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.machine.TestVm;
import org.enclosure.tck.plugin.Plugin;

/// LAUNCH-1 to LAUNCH-4: what is loaded, and what it is measured to be.
public abstract class LaunchContract extends TypeContract {
    /// Creates the contract of a plugin.
    protected LaunchContract(Plugin plugin) {
        super(plugin);
    }

    @EachType
    void launch1ShouldPlanEveryPageOfTheImageOnce(VmType type) {
        try (TestHost host = host(); TestVm vm = host.createVm(type)) {
            LaunchPlanner planner = host.spy().platform().launchPlanner();
            MemorySegment image = MemorySegment.ofArray(TestVm.image());
            List<LaunchItem> items = planner.plan(image, vm.launchOptions());
            assertEquals(items, planner.plan(image, vm.launchOptions()), "the same image is planned in the same way");
            for (long offset = 0; offset < IMAGE_BYTES; offset += PAGE) {
                long at = offset;
                List<LaunchItem> pages = items.stream()
                        .filter(item -> item.kind() == LaunchItem.Kind.PAGE && item.imageOffset() == at).toList();
                assertEquals(1, pages.size(), "items for the image's page at " + hex(at));
                assertEquals(IMAGE + at >>> Paging.PAGE_SHIFT, pages.getFirst().gfn(), "where it is loaded");
            }
        }
    }

    @EachType
    void launch1ShouldShowTheGuestTheImage(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            byte[] seen = new byte[(int) IMAGE_BYTES];
            vm.run(cpu -> cpu.read(cpu.address(IMAGE, true), seen, 0, seen.length));
            assertArrayEquals(TestVm.image(), seen);
        }
    }

    @EachType
    void launch2ShouldMeasureWhatWasLaunched(VmType type) {
        try (TestHost host = host(); TestVm vm = host.createVm(type)) {
            LaunchPlanner planner = host.spy().platform().launchPlanner();
            MemorySegment image = MemorySegment.ofArray(TestVm.image());
            List<LaunchItem> items = planner.plan(image, vm.launchOptions());
            LaunchResult measured = planner.measure(items, image, vm.launchOptions());
            LaunchReport report = vm.launch();
            assertEquals(measured.algorithm(), report.algorithm());
            assertEquals(measured.architectural(), report.architectural());
            assertEquals(IMAGE, report.gpa());
            assertEquals(measured.digest(), report.digest(), "what the planner measures, and what the launch");
            assertTrue(report.pages() >= IMAGE_BYTES / PAGE, "the launch loaded " + report.pages() + " pages");
        }
    }

    @EachType
    void launch3ShouldMeasureTheSameForTheSameAndAnotherForEveryOtherByte(VmType type) {
        byte[] other = TestVm.image();
        other[(int) IMAGE_BYTES - 1] ^= 1;
        String first = digest(type, TestVm.image());
        assertEquals(first, digest(type, TestVm.image()), "two launches of one image");
        assertNotEquals(first, digest(type, other), "the image with its last byte changed");
    }

    private String digest(VmType type, byte[] image) {
        try (TestHost host = host(); TestVm vm = host.createVm(type)) {
            return vm.launch(image).digest();
        }
    }

    @EachType
    void launch4ShouldRefuseAnOptionThatItDoesNotKnowByName(VmType type) {
        try (TestHost host = host(); TestVm vm = host.createVm(type)) {
            Map<String, String> options = new HashMap<>(vm.launchOptions());
            options.put("no-such-option", "1");
            MemorySegment image = MemorySegment.ofArray(TestVm.image());
            GuestMemoryException refused = assertThrows(GuestMemoryException.class,
                    () -> vm.vm().launch(image, options));
            assertEquals(Errno.EINVAL, refused.errno());
            assertTrue(String.valueOf(refused.getMessage()).contains("no-such-option"), refused::getMessage);
            vm.launch();
        }
    }

    @EachType
    void launch4ShouldBeLaunchedOnce(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            assertEquals(Errno.EBUSY, assertThrows(GuestMemoryException.class, vm::launch).errno());
            vm.run(cpu -> assertEquals(TestVm.image()[0] & 0xff, cpu.load(cpu.address(IMAGE, true), 1)));
        }
    }

    @EachType
    void launch4ShouldHideTheImageFromTheHost(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            vm.run(cpu -> cpu.load(cpu.address(IMAGE, true), 1));
            assertFalse(host.isHosts(vm.pfn(IMAGE)), "the host reaches a page of the image");
        }
    }
}
