package org.enclosure.cli.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.script.MachineOptions;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final Map<String, String> PLAIN = Map.of("gpa", "0x1000");
    private static final Map<String, String> LOCKED = Map.of("gpa", "0x1000", "locked", "yes");

    @Test
    void shouldNameTheVariationThatYieldsTheDigest() {
        Explanation explanation = explain(PLAIN, LOCKED);
        assertEquals("found: the pages are locked", explanation.text());
        assertEquals("found: the pages are not locked", explain(LOCKED, PLAIN).text());
    }

    @Test
    void shouldSayWhatWasTriedWhenNothingYieldsTheDigest() {
        Explanation explanation = explain(PLAIN, Map.of("gpa", "0x2000"));
        assertFalse(explanation.found());
        assertEquals(List.of("the pages are locked"), explanation.tried());
    }

    private static Explanation explain(Map<String, String> given, Map<String, String> wanted) {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build();
                BareMachine machine = BareMachine.open(system.architecture("test").provider(),
                        MachineOptions.defaults())) {
            LaunchPlanner planner = machine.platform().launchPlanner();
            MemorySegment image = MemorySegment.ofArray(new byte[4096]);
            LaunchInputs inputs = new LaunchInputs(image, null, given);
            LaunchResult own = inputs.measure(planner);
            String digest = inputs.with(wanted).measure(planner).digest();
            return Explanation.find(planner, inputs, own, digest);
        }
    }
}
