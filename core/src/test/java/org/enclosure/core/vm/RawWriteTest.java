package org.enclosure.core.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.host.HostAccessException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RawWriteTest {
    private static final long JUNK = 0x5a5a_5a5a_5a5a_5a5aL;
    private static final long HOST_BYTES = 64L << 20;

    @ParameterizedTest
    @MethodSource("org.enclosure.core.vm.Machine#kinds")
    void shouldNeverReachTablesNorPagesThatNobodyHasYet(Machine.Kind kind) {
        try (Machine machine = new Machine(kind)) {
            machine.vm.conversions().convert(0, Machine.RAM, MemoryKind.SHARED);
            machine.vcpu.run(cpu -> cpu.storeLong(cpu.address(0, false), 7), ExitHandler.POLICY);
            int refused = 0;
            for (long pa = 0; pa < HOST_BYTES; pa += Machine.PAGE) {
                try {
                    machine.host.physical().storeLong(pa, JUNK);
                } catch (HostAccessException denied) {
                    refused++;
                }
            }
            assertTrue(refused > 0, "no frame of the host holds a table");
            machine.vm.stats();
            machine.vcpu.run(cpu -> assertEquals(0, cpu.loadLong(cpu.address(3 * Machine.LARGE, false))),
                    ExitHandler.POLICY);
        }
    }
}
