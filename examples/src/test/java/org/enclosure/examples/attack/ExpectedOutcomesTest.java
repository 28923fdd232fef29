package org.enclosure.examples.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectedOutcomesTest {
    private static final VmTraits PLAIN = traits(VmTrait.PRIVATE_MEMORY);
    private static final VmTraits ACCEPTING = traits(VmTrait.PRIVATE_MEMORY, VmTrait.ACCEPT_NEEDED);

    @ParameterizedTest
    @ValueSource(strings = {"software", "test", "some-plugin"})
    void shouldHaveAnOutcomeForEveryAttackOnEveryKindOfVmType(String architecture) {
        for (Attack attack : AttackCatalog.of(architecture)) {
            for (VmTraits traits : List.of(PLAIN, ACCEPTING)) {
                assertNotNull(ExpectedOutcomes.of(architecture, traits, true).of(attack.name()), attack.name());
                assertNotNull(ExpectedOutcomes.of(architecture, traits, false).of(attack.name()), attack.name());
            }
        }
    }

    @Test
    void shouldNameEachAttackOnce() {
        Set<String> names = new HashSet<>();
        for (Attack attack : AttackCatalog.of("software")) {
            assertTrue(names.add(attack.name()), attack.name());
        }
    }

    @Test
    void shouldNeverCallPlaintextAnExpectedOutcome() {
        for (Attack attack : AttackCatalog.of("software")) {
            for (String architecture : List.of("software", "some-plugin")) {
                String outcome = ExpectedOutcomes.of(architecture, PLAIN, false).of(attack.name());
                assertFalse(outcome == null || outcome.contains(HostReach.PLAINTEXT), attack.name());
            }
        }
    }

    @Test
    void shouldExpectAnAcceptingGuestToNoticeAnotherPageAndAnotherGuestNotTo() {
        String accepting = ExpectedOutcomes.of("software", ACCEPTING, false).of(AttackNames.PUNCH);
        String plain = ExpectedOutcomes.of("software", PLAIN, false).of(AttackNames.PUNCH);

        assertEquals("no error; guest sees event unaccepted", accepting);
        assertEquals("no error; guest sees zeroes", plain);
    }

    @Test
    void shouldBeMetByOneOfTheAlternativesAndByNothingElse() {
        ExpectedOutcomes outcomes = ExpectedOutcomes.of("some-plugin", PLAIN, false).with("an attack", "this or that");

        assertTrue(outcomes.isMetBy("an attack", "this"));
        assertTrue(outcomes.isMetBy("an attack", "that"));
        assertFalse(outcomes.isMetBy("an attack", "this or that"));
        assertFalse(outcomes.isMetBy("an attack", ""));
        assertFalse(outcomes.isMetBy("another attack", "this"));
        assertNull(outcomes.of("another attack"));
    }

    private static VmTraits traits(VmTrait first, VmTrait... more) {
        return new VmTraits(EnumSet.of(first, more), null, null, 1, 0, 0);
    }
}
