package org.enclosure.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.enclosure.api.policy.PolicySet;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.examples.attack.AttackCatalog;
import org.enclosure.examples.guest.Pattern;
import org.enclosure.examples.machine.EchoDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootRunTest {
    private static final long SEED = Long.getLong("enclosure.test.seed", 20_260_101);
    private static final RunOptions SMALL = RunOptions.defaults().withMemory(64L << 20).withSeed(SEED);
    private static final RunOptions SOFTWARE = SMALL.withArchitectures(List.of("software"));

    private static GuestMemorySystem system;

    @TempDir private Path folder;

    @BeforeAll
    static void open() {
        system = GuestMemorySystem.builder().build();
    }

    @AfterAll
    static void close() {
        system.close();
    }

    @Test
    void shouldRunOnEveryVmTypeWithPrivateMemory() {
        RunReport report = run(SMALL);

        assertEquals(List.of("software", "test/core-owned", "test/backend-owned", "test/backend-both"),
                report.architectures().stream().map(ArchitectureReport::id).toList());
        assertOk(report);
    }

    @Test
    void shouldCountWhatItDid() {
        ArchitectureReport report = only(run(SOFTWARE));

        assertEquals("software-protected", report.vmType());
        assertTrue(report.conversions().explicit() >= 2048, report.conversions().toString());
        assertTrue(report.conversions().pages() >= 2048, report.conversions().toString());
        assertTrue(report.exits().getOrDefault("mmio", 0L) >= BootStage.TRIPS, report.exits().toString());
        assertTrue(report.exits().getOrDefault("hypercall", 0L) >= 2048, report.exits().toString());
        assertTrue(report.faults().getOrDefault("fixed", 0L) > 0, report.faults().toString());
        assertEquals((64L << 20) / 4096, report.pages().values().stream().mapToLong(Long::longValue).sum());
        assertTrue(report.seconds() > 0);
    }

    @Test
    void shouldMakeEveryAttackAtLeastOnce() {
        ArchitectureReport report = only(run(SOFTWARE));

        assertEquals(AttackCatalog.of("software").size(), report.attacks().size());
        for (AttackReport attack : report.attacks()) {
            assertTrue(attack.ok() && attack.attempts() > 0, attack.toString());
        }
    }

    @Test
    void shouldShowATranscriptWhereThereIsNoMeasurement() {
        ArchitectureReport report = only(run(SOFTWARE));

        assertNull(report.measurement());
        TranscriptReport transcript = report.transcript();
        assertNotNull(transcript);
        assertEquals("not an architectural measurement", transcript.note());
        assertTrue(transcript.digest().matches("[0-9a-f]{64}"), transcript.digest());
        assertEquals(transcript, only(run(SOFTWARE.withSeed(SEED + 1))).transcript());
    }

    @Test
    void shouldLaunchAFileOfSeveralMegabytes() throws IOException {
        Path file = Files.write(folder.resolve("firmware"), Pattern.bytes(SEED, 0, 4 << 20));

        RunReport report = run(SOFTWARE.withMemory(16L << 20).withImage(file));

        assertOk(report);
        assertNotEquals(only(run(SOFTWARE.withMemory(16L << 20))).transcript(), only(report).transcript());
    }

    @Test
    void shouldUseMemoryAbove4G() {
        assertOk(run(SOFTWARE.withMemory(6L << 30)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldTakeAnyNumberOfVcpus(int vcpus) {
        assertOk(run(SOFTWARE.withVcpus(vcpus)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"backing=split", "backing=in-place", "trigger=explicit", "alloc=prealloc",
            "table=conversion", "payload=copy",
            "after=keep", "after=zero", "after=discard", "after=scramble", "page=4k"})
    void shouldRunUnderEveryPolicyThatAllTypesAllow(String policy) {
        assertOk(run(SMALL.withPolicies(PolicySet.defaults().with(policy))));
    }

    @Test
    void shouldRefuseAPolicyThatOneOfTheTypesForbidsBeforeAnythingIsRun() {
        List<String> steps = new ArrayList<>();
        RunOptions options = SMALL.withPolicies(PolicySet.defaults().with("payload=in-place"));

        String message = assertThrows(UnusableInputException.class,
                () -> new BootRun(system, options).run((id, step, done, total) -> steps.add(step))).getMessage();

        assertTrue(message.startsWith("test/backend-owned cannot be run like this: ")
                && message.contains("payload=in-place"), message);
        assertEquals(List.of(), steps);
    }

    @Test
    void shouldRefuseAnArchitectureThatIsNotThereAndListThosePresent() {
        String message = assertThrows(UnusableInputException.class,
                () -> run(SMALL.withArchitectures(List.of("alpha")))).getMessage();

        assertTrue(message.contains("alpha") && message.contains("software") && message.contains("test"), message);
    }

    @Test
    void shouldFailWhenTheDeviceSendsBackOneWrongByte() {
        int[] trips = new int[1];
        UnaryOperator<byte[]> corrupt = data -> {
            byte[] back = data.clone();
            back[0] ^= (byte) (++trips[0] == 500 ? 1 : 0);
            return back;
        };

        ArchitectureReport report = only(run(SOFTWARE, new RunParts(corrupt, UnaryOperator.identity())));

        assertEquals(Outcome.FAILED, report.outcome());
        assertEquals(1, report.failures().size(), report.failures().toString());
        assertTrue(report.failures().getFirst().startsWith("round trip 499 of "), report.failures().toString());
    }

    @Test
    void shouldFailWhenAnAttackGetsSomethingElseThanIsWrittenDown() {
        String attack = AttackCatalog.of("software").getLast().name();

        RunReport report = run(SOFTWARE,
                new RunParts(EchoDevice.FAITHFUL, expected -> expected.with(attack, "something else")));

        assertEquals(Outcome.FAILED, report.outcome());
        assertTrue(only(report).failures().getFirst().contains(attack), only(report).failures().toString());
        assertEquals(List.of(attack),
                only(report).attacks().stream().filter(one -> !one.ok()).map(AttackReport::name).toList());
    }

    @Test
    void shouldTellItsProgress() {
        List<String> steps = new ArrayList<>();

        new BootRun(system, SOFTWARE)
                .run((id, step, done, total) -> steps.add(id + " " + step + " " + done + "/" + total));

        assertEquals(List.of("software launch 0/5", "software accept memory 1/5", "software round trips 2/5",
                "software conversions 3/5",
                "software attacks 4/5"), steps);
    }

    private static RunReport run(RunOptions options) {
        return run(options, RunParts.REAL);
    }

    private static RunReport run(RunOptions options, RunParts parts) {
        return new BootRun(system, options, parts).run(RunProgress.NONE);
    }

    private static ArchitectureReport only(RunReport report) {
        assertEquals(1, report.architectures().size());
        return report.architectures().getFirst();
    }

    private static void assertOk(RunReport report) {
        for (ArchitectureReport architecture : report.architectures()) {
            assertEquals(List.of(), architecture.failures(), architecture.id() + " with seed " + SEED);
        }
        assertEquals(Outcome.OK, report.outcome());
        assertFalse(report.architectures().isEmpty());
    }
}
