package org.enclosure.tdx.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;

import org.enclosure.spi.PhysicalMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TdParamsTest {
    private final PhysicalMemory memory = new PhysicalMemory(Arena.ofAuto().allocate(4096, 4096), 0);

    @Test
    void shouldBeLegalAsWritten() {
        TdParams.write(memory, 0, Attributes.DEBUG, 7, false);
        assertEquals(0, TdParams.firstIllegal(memory, 0));
        assertEquals(48, TdParams.gpaw(memory, 0));
        assertEquals(3, TdParams.topLevel(memory, 0));
        assertEquals(7, TdParams.maxVcpus(memory, 0));
        TdParams.write(memory, 0, 0, 1, true);
        assertEquals(0, TdParams.firstIllegal(memory, 0));
        assertEquals(52, TdParams.gpaw(memory, 0));
        assertEquals(4, TdParams.topLevel(memory, 0));
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 64", "0, 0x20000001, 64", "0x10, 0, 68", "0x18, 0, 67", "0x18, 0x1d, 67", "0x28, 3, 70",
            "0x28, 401, 70"})
    void shouldNameTheFirstFieldThatIsIllegal(String offset, String value, int operand) {
        TdParams.write(memory, 0, 0, 4, false);
        memory.putLong(Long.decode(offset), Long.decode(value));
        assertEquals(operand, TdParams.firstIllegal(memory, 0));
    }

    /// Five levels are legal for 48 bits: the shared bit goes by the width, not by the depth. Four are too few for 52.
    @Test
    void shouldTakeFiveLevelsForEitherWidth() {
        TdParams.write(memory, 0, 0, 4, false);
        memory.putLong(0x18, TdParams.EPTP_5_LEVELS);
        assertEquals(0, TdParams.firstIllegal(memory, 0));
        assertEquals(48, TdParams.gpaw(memory, 0));
        assertEquals(4, TdParams.topLevel(memory, 0));
        TdParams.write(memory, 0, 0, 4, true);
        memory.putLong(0x18, TdParams.EPTP_4_LEVELS);
        assertEquals(OperandId.EPTP_CONTROLS, TdParams.firstIllegal(memory, 0));
    }
}
