package org.enclosure.examples.attack;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

import org.enclosure.api.vcpu.GuestCpu;

/// An attack of the guest by calls to the host; none of them may change a page.
final class GuestAttack implements Attack {
    private final String name;
    private final Trick trick;
    private final boolean hasBuffer;

    private GuestAttack(String name, Trick trick, boolean hasBuffer) {
        this.name = name;
        this.trick = trick;
        this.hasBuffer = hasBuffer;
    }

    /// Creates an attack.
    static GuestAttack of(String name, Trick trick) {
        return new GuestAttack(name, trick, false);
    }

    /// Creates an attack for which the bounce buffer is shared.
    static GuestAttack withBuffer(String name, Trick trick) {
        return new GuestAttack(name, trick, true);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Attacker by() {
        return Attacker.GUEST;
    }

    @Override
    public Observation attempt(AttackScene scene) {
        if (!hasBuffer) {
            return play(scene);
        }
        scene.shareBuffer();
        try {
            return play(scene);
        } finally {
            scene.takeBufferBack();
        }
    }

    private Observation play(AttackScene scene) {
        Tally tally = new Tally();
        Set<String> answers = new TreeSet<>();
        long before = scene.convertedPages();
        String end = scene
                .tryAsGuest(cpu -> trick.play(cpu, scene, tally, answer -> answers.add(Long.toString(answer))));
        if (end != null) {
            answers.add(end);
        }
        boolean changed = scene.convertedPages() != before;
        return new Observation(String.join(" and ", answers) + (changed ? "; pages changed" : "; nothing changed"),
                tally.attempts());
    }

    /// What the guest does.
    @FunctionalInterface
    interface Trick {
        /// Does it; counts each try before it is made.
        ///
        /// @param answer takes every answer that the guest gets
        void play(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer);
    }
}
