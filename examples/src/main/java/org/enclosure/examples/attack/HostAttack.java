package org.enclosure.examples.attack;

/// An attack of the host on the pages of the guest's secret: the guest writes a new version, the host does its step, the guest
/// looks at what is there then.
final class HostAttack implements Attack {
    private final String name;
    private final Step step;

    /// Creates the attack.
    HostAttack(String name, Step step) {
        this.name = name;
        this.step = step;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Attacker by() {
        return Attacker.HOST;
    }

    @Override
    public Observation attempt(AttackScene scene) {
        scene.hide();
        Tally tally = new Tally();
        String got = step.take(scene, tally);
        return Observation.of(got, scene.guestSees(), tally.attempts());
    }

    /// What the host does.
    @FunctionalInterface
    interface Step {
        /// Does it; counts each try before it is made.
        ///
        /// @return what the host got
        String take(AttackScene scene, Tally tally);
    }
}
