package org.enclosure.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunOptionsTest {
    @Test
    void shouldTakeAllArchitecturesWhereNothingIsSaid() {
        assertEquals(List.of(), RunOptions.defaults().architectures());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -4096, (16L << 20) - 4096, (16L << 20) + 1, (4L << 40) + 4096, Long.MAX_VALUE})
    void shouldRefuseMemoryThatIsNotAMultipleOf4KFrom16MTo4T(long bytes) {
        String message = refusal(() -> RunOptions.defaults().withMemory(bytes));

        assertTrue(message.contains(Long.toString(bytes)) && message.contains("from 16M to 4T"), message);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 513, Integer.MAX_VALUE})
    void shouldRefuseVcpusThatAreNotFrom1To512(int count) {
        String message = refusal(() -> RunOptions.defaults().withVcpus(count));

        assertEquals(count + " vCPUs; legal are 1 to 512", message);
    }

    @Test
    void shouldTakeTheEndsOfTheRanges() {
        RunOptions least = RunOptions.defaults().withMemory(16L << 20).withVcpus(1);
        RunOptions most = RunOptions.defaults().withMemory(4L << 40).withVcpus(512);

        assertEquals(16L << 20, least.memoryBytes());
        assertEquals(512, most.vcpus());
    }

    @Test
    void shouldKeepEverythingElseWhenOneThingIsChanged() {
        RunOptions options = RunOptions.defaults().withSeed(9).withMemory(32L << 20)
                .withArchitectures(List.of("software")).withVcpus(3);

        assertEquals(new RunOptions(List.of("software"), 32L << 20, 3, null, RunOptions.defaults().policies(), 9),
                options);
    }

    private static String refusal(Executable call) {
        return assertThrows(UnusableInputException.class, call).getMessage();
    }
}
