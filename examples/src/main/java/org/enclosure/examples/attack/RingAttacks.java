package org.enclosure.examples.attack;

import java.util.function.LongConsumer;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.examples.guest.EchoProtocol;
import org.enclosure.examples.guest.MemoryMap;
import org.enclosure.examples.machine.EchoDevice;

/// What a hostile guest tries with the device that works for it.
final class RingAttacks {
    private static final long[] BAD_LENGTHS = {EchoProtocol.MAX_BYTES + 1L, MemoryMap.BOUNCE_BYTES, 1L << 32,
            Long.MAX_VALUE, -1};

    private RingAttacks() {
    }

    /// Asks for transfers that do not fit into the buffer. Answers with the device's status.
    static void badLength(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (long length : BAD_LENGTHS) {
            tally.count();
            answer.accept(scene.client().request(cpu, length));
        }
    }

    /// Rings the device while the buffer is private. Answers how often the device could not reach it.
    static final class PrivateBuffer implements Attack {
        @Override
        public String name() {
            return AttackNames.PRIVATE_BUFFER;
        }

        @Override
        public Attacker by() {
            return Attacker.GUEST;
        }

        @Override
        public Observation attempt(AttackScene scene) {
            EchoDevice device = scene.machine().device();
            long before = device.unreachable();
            String end = scene.tryAsGuest(cpu -> scene.client().ring(cpu));
            device.awaitIdle();
            String got = device.unreachable() == before ? "the device reaches other bytes" : "the device gets SIGBUS";
            return new Observation(end != null ? end : got, 1);
        }
    }
}
