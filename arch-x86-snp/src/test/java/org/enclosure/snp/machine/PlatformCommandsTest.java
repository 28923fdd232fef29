package org.enclosure.snp.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;

import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpGeometry;
import org.enclosure.spi.PhysicalMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformCommandsTest {
    private static final long PAGES = 1024;
    private static final long FIRST = 1000;

    @ParameterizedTest
    @ValueSource(longs = {PAGES - FIRST, PAGES - FIRST + 1, Long.MAX_VALUE, -1})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void initShouldFixTheLastPagesAndEndThereHoweverManyItIsGiven(long npages) {
        try (Arena arena = Arena.ofConfined()) {
            SnpMachine machine = machine(arena);
            assertEquals(FirmwareCode.SUCCESS, machine.platform().shutdown(false));
            assertEquals(FirmwareCode.SUCCESS, machine.platform().init(FIRST << 12, npages, 0, 1));
            assertEquals(PageState.HYPERVISOR, PageState.of(machine.rmp().lo(FIRST - 1)));
            for (long pfn = FIRST; pfn < PAGES; pfn++) {
                assertEquals(PageState.HV_FIXED, PageState.of(machine.rmp().lo(pfn)), "page " + pfn);
            }
        }
    }

    @Test
    void initShouldLeaveARangeBehindTheTableOut() {
        try (Arena arena = Arena.ofConfined()) {
            SnpMachine machine = machine(arena);
            machine.platform().shutdown(false);
            assertEquals(FirmwareCode.SUCCESS, machine.platform().init(-4096, 3, 0, 1));
            assertEquals(PageState.HYPERVISOR, PageState.of(machine.rmp().lo(PAGES - 1)));
            assertEquals(PageState.FIRMWARE, PageState.of(machine.rmp().lo(0)));
        }
    }

    private static SnpMachine machine(Arena arena) {
        PhysicalMemory memory = new PhysicalMemory(arena.allocate(PAGES << 12, 4096), 0);
        return SnpMachine.of(memory, RmpGeometry.pages(PAGES), PAGES);
    }
}
