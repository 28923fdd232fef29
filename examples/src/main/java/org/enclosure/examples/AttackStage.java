package org.enclosure.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.enclosure.examples.attack.Attack;
import org.enclosure.examples.attack.AttackScene;
import org.enclosure.examples.attack.ExpectedOutcomes;
import org.enclosure.examples.attack.Observation;
import org.enclosure.examples.guest.EchoClient;
import org.enclosure.examples.machine.Machine;
import org.jspecify.annotations.Nullable;

/// Makes all attacks and compares what they got with what they have to get. After each one the guest makes a legal round trip:
/// an attack that costs the guest its work has not failed. An attack that the guest is not to survive gets a machine of its own.
final class AttackStage {
    private final AttackScene scene;
    private final Supplier<Machine> spare;
    private final ExpectedOutcomes expected;
    private final Failures failures;
    private final long seed;

    /// @param spare builds a machine whose guest is booted: for an attack that the guest does not survive
    AttackStage(AttackScene scene, Supplier<Machine> spare, ExpectedOutcomes expected, Failures failures, long seed) {
        this.scene = scene;
        this.spare = spare;
        this.expected = expected;
        this.failures = failures;
        this.seed = seed;
    }

    /// Makes the attacks in their order.
    List<AttackReport> run(List<Attack> attacks) {
        List<AttackReport> reports = new ArrayList<>();
        for (Attack attack : attacks) {
            reports.add(run(attack, seed + reports.size()));
        }
        return reports;
    }

    private AttackReport run(Attack attack, long tripSeed) {
        if (!expected.isFatal(attack.name())) {
            Observation observation = attempt(attack, scene);
            return report(attack, observation, scene.legalTrip(tripSeed));
        }
        try (Machine machine = spare.get()) {
            return report(attack, attempt(attack, new AttackScene(machine, new EchoClient(machine.map()), tripSeed)),
                    null);
        }
    }

    private AttackReport report(Attack attack, Observation observation, @Nullable String trouble) {
        String outcome = expected.of(attack.name());
        String wrong = judge(attack, observation, outcome, trouble);
        if (wrong != null) {
            failures.add("attack '" + attack.name() + "' by the " + attack.by() + ": " + wrong);
        }
        return new AttackReport(attack.name(), attack.by(), outcome == null ? "nothing is written down" : outcome,
                observation.text(),
                observation.attempts(), wrong == null);
    }

    /// An attack that breaks down is an observation too; it meets no expectation.
    private static Observation attempt(Attack attack, AttackScene scene) {
        try {
            return attack.attempt(scene);
        } catch (RuntimeException e) {
            return new Observation("broke down: " + e.getMessage(), 0);
        }
    }

    private @Nullable String judge(Attack attack, Observation observation, @Nullable String outcome,
            @Nullable String trouble) {
        if (outcome == null) {
            return "no outcome is written down for it; observed: " + observation.text();
        }
        if (!expected.isMetBy(attack.name(), observation.text())) {
            return "expected '" + outcome + "', observed '" + observation.text() + "'";
        }
        if (observation.attempts() == 0) {
            return "it was never tried";
        }
        return trouble == null ? null : "afterwards the guest could not work: " + trouble;
    }
}
