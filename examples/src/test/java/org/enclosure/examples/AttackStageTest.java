package org.enclosure.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;

import org.enclosure.api.policy.PolicySet;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.examples.attack.Attack;
import org.enclosure.examples.attack.AttackScene;
import org.enclosure.examples.attack.Attacker;
import org.enclosure.examples.attack.ExpectedOutcomes;
import org.enclosure.examples.attack.Observation;
import org.enclosure.examples.guest.BuiltInImage;
import org.enclosure.examples.guest.EchoClient;
import org.enclosure.examples.guest.MemoryMap;
import org.enclosure.examples.machine.EchoDevice;
import org.enclosure.examples.machine.Machine;
import org.enclosure.examples.machine.MachineConfig;
import org.enclosure.spi.VmType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttackStageTest {
    private static final String NAME = "an attack";
    private static final long RAM = 16L << 20;

    @Test
    void shouldTakeAnAttackThatGotWhatItHadToGet() {
        assertEquals(List.of(), failures("nothing", scene -> new Observation("nothing", 1)));
    }

    @Test
    void shouldFailAnAttackThatWasNeverTried() {
        assertEquals(List.of("attack 'an attack' by the host: it was never tried"),
                failures("nothing", scene -> new Observation("nothing", 0)));
    }

    @Test
    void shouldFailAnAttackThatGotSomethingElse() {
        assertEquals(List.of("attack 'an attack' by the host: expected 'nothing', observed 'plaintext'"),
                failures("nothing", scene -> new Observation("plaintext", 1)));
    }

    @Test
    void shouldFailAnAttackThatBreaksDown() {
        assertEquals(List.of("attack 'an attack' by the host: expected 'nothing', observed 'broke down: out of order'"),
                failures("nothing", scene -> {
                    throw new IllegalStateException("out of order");
                }));
    }

    @Test
    void shouldFailAnAttackThatNothingIsWrittenDownFor() {
        assertEquals(List.of("attack 'an attack' by the host: no outcome is written down for it; observed: nothing"),
                failures(null, scene -> new Observation("nothing", 1)));
    }

    @Test
    void shouldFailAnAttackAfterWhichTheGuestCannotWork() {
        List<String> failures = failures("nothing", scene -> {
            scene.machine().memory().deleteWindow();
            scene.machine().memory().delete(0);
            return new Observation("nothing", 1);
        });

        assertEquals(1, failures.size(), failures.toString());
        assertFalse(failures.getFirst().contains("expected"), failures.toString());
    }

    /// The failures of a stage with one attack on the software platform.
    private static List<String> failures(@Nullable String outcome, Function<AttackScene, Observation> attempt) {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build(); Machine machine = launched(system)) {
            VmType type = system.architecture("software").vmTypes().getLast();
            ExpectedOutcomes expected = ExpectedOutcomes.of("software", type.traits(), false);
            Failures failures = new Failures();
            AttackScene scene = new AttackScene(machine, new EchoClient(machine.map()), 1);
            new AttackStage(scene, () -> launched(system), outcome == null ? expected : expected.with(NAME, outcome),
                    failures, 1)
                    .run(List.of(new Scripted(attempt)));
            return failures.sentences();
        }
    }

    private static Machine launched(GuestMemorySystem system) {
        byte[] image = BuiltInImage.bytes();
        MachineConfig config = new MachineConfig("software", "software-protected", new MemoryMap(RAM, image.length), 1,
                PolicySet.defaults(), EchoDevice.FAITHFUL);
        Machine machine = Machine.open(system.openHost(Machine.hostOptions(config)), config);
        machine.launch(MemorySegment.ofArray(image));
        return machine;
    }

    /// An attack of the test.
    private record Scripted(Function<AttackScene, Observation> script) implements Attack {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Attacker by() {
            return Attacker.HOST;
        }

        @Override
        public Observation attempt(AttackScene scene) {
            return script.apply(scene);
        }
    }
}
