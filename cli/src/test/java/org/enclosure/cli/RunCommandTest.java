package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.examples.ArchitectureReport;
import org.enclosure.examples.AttackReport;
import org.enclosure.examples.ConversionReport;
import org.enclosure.examples.MeasurementReport;
import org.enclosure.examples.Outcome;
import org.enclosure.examples.RunOptions;
import org.enclosure.examples.RunReport;
import org.enclosure.examples.TranscriptReport;
import org.enclosure.examples.attack.Attacker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
    private static final GuestRunner GOOD = (system, options, progress) -> report(Outcome.OK);
    private static final GuestRunner BAD = (system, options, progress) -> report(Outcome.FAILED);

    @Test
    void shouldRunWithTheDefaultsWhenNothingIsSaid() {
        assertEquals(RunOptions.defaults(), optionsOf("run"));
        assertEquals(RunOptions.defaults(), optionsOf("run", "boot"));
    }

    @Test
    void shouldNeverTakeTheNextWordForArchOrPolicy() {
        RunOptions options = optionsOf("run", "--arch", "a", "boot", "--json");
        assertEquals(List.of("a"), options.architectures());
        assertEquals("4k", optionsOf("run", "--policy", "page=4k", "boot").policies().chosen().get(PolicyKey.PAGE));
        CommandRun.of("run", "--arch", "a", "b").assertUnusable("guest 'b'");
    }

    @Test
    void shouldTakeListsRepeatedOrWithCommas() {
        assertEquals(List.of("a", "b", "c"),
                optionsOf("run", "--arch", "a,b", "--arch", "c", "--arch=a").architectures());
        Map<PolicyKey, String> chosen = optionsOf("run", "--policy", "page=4k,backing=split",
                "--policy=after=zero,page=4k").policies()
                .chosen();
        assertEquals(Map.of(PolicyKey.PAGE, "4k", PolicyKey.BACKING, "split", PolicyKey.AFTER, "zero"), chosen);
    }

    @Test
    void shouldTakeNumbersUpToTheirLimits() {
        assertEquals(16L << 20, optionsOf("run", "--memory", "16M").memoryBytes());
        assertEquals(4L << 40, optionsOf("run", "--memory=4T").memoryBytes());
        assertEquals((16L << 20) + 4096, optionsOf("run", "--memory", "16781312").memoryBytes());
        assertEquals(512, optionsOf("run", "--vcpus", "512").vcpus());
        assertEquals(1, optionsOf("run", "--vcpus", "1").vcpus());
        assertEquals(Long.MAX_VALUE, optionsOf("run", "--seed", "9223372036854775807").seed());
        assertEquals(Path.of("x.fd"), optionsOf("run", "--image", "x.fd").image());
    }

    @Test
    void shouldEndWithStatus2WhenTheGuestCannotUseItsInput() {
        CommandRun.of(CommandRun.refusing("image 'x\ny' is empty"), Map.of(), "run", "--json")
                .assertUnusable("image 'x\\ny' is empty");
    }

    @Test
    void shouldEndWithStatus1WhenTheGuestThrows() {
        GuestRunner throwing = (system, options, progress) -> {
            throw new IllegalStateException("surprise\u001b");
        };
        CommandRun run = CommandRun.of(throwing, Map.of(), "run").assertBad("IllegalStateException: surprise\\x1b",
                "--stacktrace");
        assertEquals("", run.out());
        GuestRunner unlinked = (system, options, progress) -> {
            throw new NoClassDefFoundError("org/example/Missing");
        };
        CommandRun.of(unlinked, Map.of(), "run").assertBad("NoClassDefFoundError: org/example/Missing");
        GuestRunner refused = (system, options, progress) -> {
            throw new GuestMemoryException(Errno.ENOMEM, "out of frames");
        };
        CommandRun.of(refused, Map.of(), "run").assertBad("enclosure: out of frames");
    }

    @Test
    void shouldEndWithStatus1WhenAnythingIsOff() {
        CommandRun good = CommandRun.of(GOOD, Map.of(), "run").assertGood();
        assertTrue(good.out().endsWith("ok on 1 of 1\n"), good.out());
        CommandRun bad = CommandRun.of(BAD, Map.of(), "run").assertBad();
        assertTrue(bad.out().contains("FAILED bytes\\nlost"), bad.out());
        assertTrue(bad.out().contains("WRONG"), bad.out());
        assertTrue(bad.out().endsWith("failed on 1 of 1\n"), bad.out());
    }

    @Test
    void shouldPrintOneJsonObjectThatItsSchemaDescribes() {
        for (GuestRunner runner : List.of(GOOD, BAD)) {
            SchemaCheck.assertValid("run.schema.json", CommandRun.of(runner, Map.of(), "run", "--json").out());
        }
        assertEquals(1, CommandRun.of(BAD, Map.of(), "run", "--json").status());
    }

    @Test
    void shouldNotPassOverAPluginThatCannotBeUsed(@TempDir Path folder) throws IOException {
        String jar = Files.writeString(folder.resolve("x.jar"), "no jar").toString();
        CommandRun all = CommandRun.of(GOOD, Map.of(), "run", "--json", "--plugin-path", jar);
        assertEquals(1, all.status());
        SchemaCheck.assertValid("run.schema.json", all.out());
        assertTrue(all.out().contains("\"outcome\" : \"failed\",\n  \"architectures\""), all.out());
        CommandRun text = CommandRun.of(GOOD, Map.of(), "run", "--plugin-path", jar);
        assertTrue(text.out().contains("not run: ") && text.out().endsWith(", 1 not run\n"), text.out());
        CommandRun.of(GOOD, Map.of(), "run", "--arch", "software", "--plugin-path", jar).assertGood();
    }

    private static RunOptions optionsOf(String... args) {
        List<RunOptions> seen = new ArrayList<>();
        CommandRun.of((system, options, progress) -> {
            seen.add(options);
            return report(Outcome.OK);
        }, Map.of(), args).assertGood();
        return seen.getFirst();
    }

    private static RunReport report(Outcome outcome) {
        boolean ok = outcome == Outcome.OK;
        Map<String, Long> faults = new LinkedHashMap<>(Map.of("FIXED", 7L));
        AttackReport attack = new AttackReport("read a private page", Attacker.HOST, "denied",
                ok ? "denied" : "plaintext", 3, ok);
        ArchitectureReport part = new ArchitectureReport("software", "software-protected", outcome,
                ok ? List.of() : List.of("bytes\nlost"), faults, Map.of("MAP_GPA_RANGE", 4L),
                new ConversionReport(1, 2, 3), Map.of(),
                List.of(attack), ok ? new MeasurementReport("SHA-384", "00ff") : null,
                ok ? null : new TranscriptReport("SHA-256", "abcd", TranscriptReport.NOTE), 1.23456);
        return new RunReport(outcome, List.of(part));
    }
}
