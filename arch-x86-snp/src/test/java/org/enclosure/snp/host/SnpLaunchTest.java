package org.enclosure.snp.host;

import static org.enclosure.snp.host.SevMachine.PRIVATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.snp.launch.RecordedFirmware;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The firmware of the machine measures what the planner says, and what was recorded.
class SnpLaunchTest {
    private static final long SOURCE_PFN = 0x100;

    @TempDir Path folder = Path.of("");

    private final SevMachine machine = new SevMachine();
    private final LaunchPlanner planner = machine.platform.launchPlanner();
    private long nextFrame = 0x401;

    @Test
    void shouldMeasureRecordedFirmware() {
        Map<String, String> options = Map.of("vcpu-type", "EPYC-v4");
        assertEquals("82c29b0ef409bb9bc7ea66fc0e648b7b48797c6bd79df3d4daaf95409400cc1ddc2523b019623120203c141648fc0dc3",
                launched(SnpTypes.SNP, RecordedFirmware.of("fw-full"), options, 1).digest());
    }

    @Test
    void shouldMeasureWithEachVmmAndFeatureWhatThePlannerSays() {
        for (Map<String, String> options : List.of(Map.of("vmm", "ec2"), Map.of("vmm", "gce"),
                Map.of("guest-features", "0x21"), Map.of("vcpu-type", "EPYC-Genoa"),
                Map.of("page-order", "image-last"))) {
            MemorySegment image = RecordedFirmware.of("fw-full");
            assertEquals(planned(image, options, 3), launched(SnpTypes.SNP, image, options, 3).digest(),
                    options.toString());
        }
    }

    @Test
    void shouldWriteTheKernelsHashesIntoTheirPage() throws IOException {
        String kernel = Files.write(folder.resolve("kernel"), new byte[] {1, 2, 3}).toString();
        Map<String, String> options = Map.of("kernel", kernel, "append", "quiet");
        MemorySegment image = RecordedFirmware.of("fw-full");
        assertEquals(planned(image, options, 2), launched(SnpTypes.SNP, image, options, 2).digest());
        Map<String, String> old = Map.of("kernel", kernel, "append", "quiet", "mode", "sev");
        assertEquals(planned(image, old, 1), launched(SnpTypes.SEV, image, old, 1).digest());
    }

    @Test
    void shouldMeasureAPayloadThatIsNoFirmware() {
        MemorySegment image = MemorySegment.ofArray(new byte[8192]);
        Map<String, String> options = Map.of("gpa", "0x100000");
        assertEquals(planned(image, options, 2), launched(SnpTypes.SNP, image, options, 2).digest());
    }

    @Test
    void shouldRefuseAPlanOfAnotherMode() {
        MemorySegment image = RecordedFirmware.of("fw-full");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> launched(SnpTypes.SEV, image, Map.of(), 1));
        assertTrue(String.valueOf(refused.getMessage()).contains("plan with option mode=sev"), refused.getMessage());
    }

    private String planned(MemorySegment image, Map<String, String> options, int vcpus) {
        Map<String, String> all = new HashMap<>(options);
        all.put("vcpus", Integer.toString(vcpus));
        all.putIfAbsent("vcpu-type", "EPYC");
        return planner.measure(planner.plan(image, all), image, all).digest();
    }

    private LaunchResult launched(VmType type, MemorySegment image, Map<String, String> options, int vcpus) {
        try (VmBackend vm = machine.platform.create(new VmContext(type, 4, -1, frames(), Map.of()))) {
            for (int i = 0; i < vcpus; i++) {
                vm.createVcpu(new VcpuContext(i, frames()));
            }
            return launch(vm, image, options);
        }
    }

    private LaunchResult launch(VmBackend vm, MemorySegment image, Map<String, String> options) {
        LaunchSession session = vm.launch(options);
        TableWork work = machine.work(TableWork.FAULT, PRIVATE);
        long pfn = nextFrame;
        for (LaunchItem item : planner.plan(image, options)) {
            boolean isPage = item.kind() == LaunchItem.Kind.PAGE;
            if (isPage) {
                source(item, image);
            }
            assertEquals(Status.OK, session.page(item, isPage ? pfn++ : -1, isPage ? SOURCE_PFN : -1, work),
                    item.toString());
        }
        nextFrame = pfn;
        return session.finish(work);
    }

    private void source(LaunchItem item, MemorySegment image) {
        for (int i = 0; i < 4096; i++) {
            long at = item.imageOffset() + i;
            machine.memory.putByte((SOURCE_PFN << 12) + i,
                    item.imageOffset() < 0 ? 0 : image.get(ValueLayout.JAVA_BYTE, at));
        }
    }

    private FrameCache frames() {
        FrameCache frames = new FrameCache(8);
        for (int i = 0; i < 4; i++) {
            frames.push(nextFrame++);
        }
        return frames;
    }
}
