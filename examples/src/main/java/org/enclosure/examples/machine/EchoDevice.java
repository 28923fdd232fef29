package org.enclosure.examples.machine;

import java.lang.invoke.VarHandle;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostBytes;
import org.enclosure.examples.guest.Digests;
import org.enclosure.examples.guest.EchoProtocol;

/// A device of the host, on a thread of its own, that sends back what the guest sends. It reaches the bounce buffer as any
/// host process does and trusts nothing in it.
public final class EchoDevice implements AutoCloseable {
    /// Sends back what came.
    public static final UnaryOperator<byte[]> FAITHFUL = UnaryOperator.identity();

    private final HostBytes memory;
    private final long bounce;
    private final UnaryOperator<byte[]> answer;
    private final MessageDigest received = Digests.sha256();
    private final MessageDigest sent = Digests.sha256();
    private final Thread thread;
    private long rung;
    private long handled;
    private long unreachable;
    private boolean closed;

    /// Creates the device and starts its thread.
    ///
    /// @param memory the host's access to guest memory
    /// @param bounce offset of the bounce buffer in it
    /// @param answer what is sent back for what came
    public EchoDevice(HostBytes memory, long bounce, UnaryOperator<byte[]> answer) {
        this.memory = memory;
        this.bounce = bounce;
        this.answer = answer;
        thread = Thread.ofPlatform().name("echo-device").daemon(true).start(this::serve);
    }

    /// The guest has rung. Any thread; does not wait for the answer.
    public synchronized void ring() {
        rung++;
        notifyAll();
    }

    /// Waits until every ring so far is dealt with.
    public synchronized void awaitIdle() {
        try {
            while (handled < rung) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// How often the guest rang and the bounce buffer could not be reached.
    public synchronized long unreachable() {
        return unreachable;
    }

    /// Digest of all that came since the last call of this method, in hex.
    public synchronized String takeReceivedDigest() {
        return HexFormat.of().formatHex(received.digest());
    }

    /// Digest of all that was sent since the last call of this method, in hex.
    public synchronized String takeSentDigest() {
        return HexFormat.of().formatHex(sent.digest());
    }

    @Override
    public void close() {
        stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void stop() {
        closed = true;
        notifyAll();
    }

    private void serve() {
        try {
            while (awaitRing()) {
                handle();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean awaitRing() throws InterruptedException {
        while (handled == rung && !closed) {
            wait();
        }
        return !closed;
    }

    private synchronized void handle() {
        try {
            echo();
        } catch (HostAccessException e) {
            unreachable++;
        }
        handled++;
        notifyAll();
    }

    private void echo() {
        long sequence = memory.loadLong(bounce + EchoProtocol.REQUEST_SEQUENCE);
        VarHandle.acquireFence(); // ORDERING: the data are read after the sequence; partner is the swap in EchoClient.roundTrip
        long length = memory.loadLong(bounce + EchoProtocol.LENGTH);
        boolean legal = length >= 0 && length <= EchoProtocol.MAX_BYTES;
        if (legal) {
            sendBack((int) length);
        }
        memory.storeLong(bounce + EchoProtocol.STATUS, legal ? EchoProtocol.DONE : EchoProtocol.BAD_LENGTH);
        VarHandle.releaseFence(); // ORDERING: the data are written before the sequence; partner is the swap in EchoClient.await
        memory.storeLong(bounce + EchoProtocol.RESPONSE_SEQUENCE, sequence);
    }

    private void sendBack(int length) {
        byte[] data = new byte[length];
        memory.read(bounce + EchoProtocol.REQUEST_DATA, data, 0, length);
        received.update(data);
        byte[] back = answer.apply(data);
        sent.update(back);
        memory.write(bounce + EchoProtocol.RESPONSE_DATA, back, 0, back.length);
    }
}
