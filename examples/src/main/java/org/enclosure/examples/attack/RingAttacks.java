package org.enclosure.examples.attack;

import java.util.List;

import org.enclosure.examples.guest.EchoClient;
import org.enclosure.examples.guest.EchoProtocol;
import org.enclosure.examples.guest.MemoryMap;
import org.enclosure.examples.machine.EchoDevice;

/// What a hostile guest tries with the device that works for it.
final class RingAttacks {
    private static final long[] BAD_LENGTHS = {EchoProtocol.MAX_BYTES + 1L, MemoryMap.BOUNCE_BYTES, 1L << 32,
            Long.MAX_VALUE, -1};

    private RingAttacks() {
    }

    /// All of them.
    static List<Attack> all() {
        return List.of(new RingAttack(AttackNames.BAD_LENGTH, RingAttacks::badLength),
                new RingAttack(AttackNames.PRIVATE_BUFFER, RingAttacks::privateBuffer));
    }

    /// Asks for transfers that do not fit into the buffer.
    private static String badLength(AttackScene scene, Tally tally) {
        EchoClient client = scene.client();
        long[] refused = new long[1];
        String end = scene.tryAsGuest(cpu -> {
            cpu.share(MemoryMap.BOUNCE, MemoryMap.BOUNCE_BYTES);
            client.start(cpu);
            for (long length : BAD_LENGTHS) {
                tally.count();
                refused[0] += client.request(cpu, length) == EchoProtocol.BAD_LENGTH ? 1 : 0;
            }
            cpu.unshare(MemoryMap.BOUNCE, MemoryMap.BOUNCE_BYTES);
        });
        return end != null ? end : refused[0] == tally.attempts() ? "refused by the device" : "accepted by the device";
    }

    /// Rings the device while the buffer is private.
    private static String privateBuffer(AttackScene scene, Tally tally) {
        EchoDevice device = scene.machine().device();
        long before = device.unreachable();
        String end = scene.tryAsGuest(cpu -> {
            tally.count();
            scene.client().ring(cpu);
        });
        device.awaitIdle();
        return end != null ? end
                : device.unreachable() == before ? "the device reaches other bytes" : "the device gets SIGBUS";
    }

    /// An attack on the device.
    private record RingAttack(String name, Trick trick) implements Attack {
        @Override
        public Attacker by() {
            return Attacker.GUEST;
        }

        @Override
        public Observation attempt(AttackScene scene) {
            Tally tally = new Tally();
            return new Observation(trick.play(scene, tally), tally.attempts());
        }
    }

    /// What the guest does.
    private interface Trick {
        String play(AttackScene scene, Tally tally);
    }
}
