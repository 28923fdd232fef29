package org.enclosure.snp.host;

import static org.enclosure.snp.host.SevMachine.PRIVATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmType;
import org.junit.jupiter.api.Test;

class SevLaunchTest {
    private static final int BYTES = 3 * 4096;
    private static final long SOURCE_PFN = 0x100;
    private static final long FIRST_PFN = 0x200;

    private final SevMachine machine = new SevMachine();
    private final LaunchPlanner planner = machine.platform.launchPlanner();
    private final MemorySegment image = MemorySegment.ofArray(image());

    @Test
    void shouldMeasureWhatThePlannerSays() {
        assertEquals(planned("sev", 1), launched(SnpTypes.SEV, "sev", 1));
        assertEquals(planned("seves", 1), launched(SnpTypes.SEV_ES, "seves", 1));
        assertEquals(planned("seves", 3), launched(SnpTypes.SEV_ES, "seves", 3));
        assertNotEquals(planned("seves", 3), planned("seves", 1));
        assertEquals(planned("sev", 1), launched(SnpTypes.SEV, "sev", 3), "vCPUs of an SEV guest are not measured");
    }

    @Test
    void shouldPutThePagesUnderTheGuestsKey() {
        VmBackend vm = machine.vm(SnpTypes.SEV);
        launch(vm, options("sev"));
        assertEquals(2, vm.table().inspect(0x100, FIRST_PFN, machine.work(TableWork.FAULT, PRIVATE)));
        assertEquals(image()[4097], machine.memory.getByte((FIRST_PFN + 1 << 12) + 1));
    }

    @Test
    void shouldDenyAPageOfAnotherGuest() {
        VmBackend other = machine.vm(SnpTypes.SEV);
        other.table().map(0, FIRST_PFN, 1, machine.work(TableWork.FAULT, PRIVATE));
        LaunchSession session = machine.vm(SnpTypes.SEV).launch(options("sev"));
        TableWork work = machine.work(TableWork.FAULT, PRIVATE);
        LaunchItem item = planner.plan(image, options("sev")).getFirst();
        assertEquals(Status.DENIED, Status.kind(session.page(item, FIRST_PFN, SOURCE_PFN, work)));
        assertEquals(FIRST_PFN, work.detail.pfn);
        assertEquals(2, other.table().inspect(0, FIRST_PFN, work));
    }

    @Test
    void shouldLaunchAVmOnce() {
        VmBackend vm = machine.vm(SnpTypes.SEV);
        assertThrows(IllegalArgumentException.class, () -> vm.launch(Map.of("colour", "red")));
        launch(vm, options("sev"));
        assertThrows(IllegalStateException.class, () -> vm.launch(options("sev")));
    }

    private String planned(String mode, int vcpus) {
        Map<String, String> options = new HashMap<>(options(mode));
        options.put("vcpus", Integer.toString(vcpus));
        return planner.measure(planner.plan(image, options), image, options).digest();
    }

    private String launched(VmType type, String mode, int vcpus) {
        SevMachine own = new SevMachine();
        VmBackend vm = own.vm(type);
        for (int i = 0; i < vcpus; i++) {
            own.vcpu(vm, i);
        }
        return launch(own, vm, options(mode));
    }

    private String launch(VmBackend vm, Map<String, String> options) {
        return launch(machine, vm, options);
    }

    private String launch(SevMachine host, VmBackend vm, Map<String, String> options) {
        LaunchSession session = vm.launch(options);
        TableWork work = host.work(TableWork.FAULT, PRIVATE);
        List<LaunchItem> items = planner.plan(image, options);
        long pfn = FIRST_PFN;
        for (LaunchItem item : items) {
            if (item.kind() == LaunchItem.Kind.RANGE) {
                assertEquals(Status.OK, session.page(item, -1, -1, work));
                continue;
            }
            for (int i = 0; i < 4096; i++) {
                host.memory.putByte((SOURCE_PFN << 12) + i, image()[(int) item.imageOffset() + i]);
            }
            assertEquals(Status.OK, session.page(item, pfn++, SOURCE_PFN, work));
        }
        return session.finish(work).digest();
    }

    private static Map<String, String> options(String mode) {
        return Map.of("mode", mode, "gpa", "0x100000");
    }

    private static byte[] image() {
        byte[] bytes = new byte[BYTES];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
