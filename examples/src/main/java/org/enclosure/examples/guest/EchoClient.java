package org.enclosure.examples.guest;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import org.enclosure.api.vcpu.GuestCpu;
import org.jspecify.annotations.Nullable;

/// The guest's driver of the echo device. Used by one vCPU at a time, while the bounce buffer is shared.
public final class EchoClient {
    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

    private static final long IDLE = 10_000;

    private final MemoryMap map;
    private long sequence;

    /// Creates a driver; [#start] comes first.
    public EchoClient(MemoryMap map) {
        this.map = map;
    }

    /// Puts a buffer that was just shared into its first state: what is in it after a conversion is not defined.
    public void start(GuestCpu cpu) {
        long base = cpu.address(MemoryMap.BOUNCE, false);
        cpu.storeLong(base + EchoProtocol.REQUEST_SEQUENCE, 0);
        cpu.storeLong(base + EchoProtocol.RESPONSE_SEQUENCE, 0);
        sequence = 0;
    }

    /// Sends data and waits for the answer.
    ///
    /// @param data at most [EchoProtocol#MAX_BYTES]
    /// @return the answer, as long as the data; null if the device does not answer or refuses
    public byte @Nullable [] roundTrip(GuestCpu cpu, byte[] data) {
        long base = cpu.address(MemoryMap.BOUNCE, false);
        cpu.write(base + EchoProtocol.REQUEST_DATA, data, 0, data.length);
        if (request(cpu, data.length) != EchoProtocol.DONE) {
            return null;
        }
        byte[] answer = new byte[data.length];
        cpu.read(base + EchoProtocol.RESPONSE_DATA, answer, 0, answer.length);
        return answer;
    }

    /// Makes one request with the data that lie in the buffer, of a length that need not be legal.
    ///
    /// @return the device's status, -1 if it does not answer
    public long request(GuestCpu cpu, long length) {
        long base = cpu.address(MemoryMap.BOUNCE, false);
        cpu.storeLong(base + EchoProtocol.LENGTH, length);
        // ORDERING: a swap has the effects of a volatile access, so the data are written before the sequence; partner is the
        // acquire fence of EchoDevice.
        boolean free = cpu.compareAndSwap(base + EchoProtocol.REQUEST_SEQUENCE, sequence, sequence + 1);
        sequence++;
        ring(cpu);
        return free && await(cpu, base) ? cpu.loadLong(base + EchoProtocol.STATUS) : -1;
    }

    /// Rings the doorbell, whatever lies in the buffer.
    public void ring(GuestCpu cpu) {
        cpu.storeLong(cpu.address(map.doorbell(), false), sequence);
    }

    private boolean await(GuestCpu cpu, long base) {
        long start = System.nanoTime();
        // ORDERING: the swap of a value for itself is an acquiring load; partner is the release fence of EchoDevice.
        while (!cpu.compareAndSwap(base + EchoProtocol.RESPONSE_SEQUENCE, sequence, sequence)) {
            if (System.nanoTime() - start > PATIENCE) {
                return false;
            }
            LockSupport.parkNanos(IDLE); // as a guest kernel halts a CPU that waits
        }
        return true;
    }
}
