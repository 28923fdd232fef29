package org.enclosure.examples.attack;

/// One thing that a hostile host or a hostile guest tries. Stateless.
public interface Attack {
    /// The name, as reports show it; unique on a VM type.
    String name();

    /// Who attacks.
    Attacker by();

    /// Tries it, on the thread of the run, while no vCPU runs. Leaves memslots and the bounce buffer as they were.
    Observation attempt(AttackScene scene);
}
