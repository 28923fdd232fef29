package org.enclosure.examples.guest;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;

/// Sends data that differ each time through the bounce buffer, which is shared already, and compares what comes back.
public final class RoundTrips implements GuestProgram {
    private final EchoClient client;
    private final int count;
    private final long seed;
    private final MessageDigest sent = Digests.sha256();
    private final MessageDigest received = Digests.sha256();
    private final Findings findings = new Findings();
    private int done;

    /// Creates the program; it can be run once.
    public RoundTrips(EchoClient client, int count, long seed) {
        this.client = client;
        this.count = count;
        this.seed = seed;
    }

    @Override
    public void run(GuestCpu cpu) {
        for (int trip = 0; trip < count; trip++) {
            byte[] data = data(trip);
            sent.update(data);
            byte[] answer = client.roundTrip(cpu, data);
            if (answer == null) {
                findings.add("round trip " + trip + ": the device does not answer");
                return;
            }
            received.update(answer);
            findings.check(Arrays.equals(data, answer), "round trip " + trip + " of " + data.length
                    + " bytes came back different from byte " + Arrays.mismatch(data, answer) + " on");
            done++;
        }
    }

    /// How many trips were made.
    public int done() {
        return done;
    }

    /// Digest of all that was sent, in hex; asked once, after the run.
    public String sentDigest() {
        return HexFormat.of().formatHex(sent.digest());
    }

    /// Digest of all that came back, in hex; asked once, after the run.
    public String receivedDigest() {
        return HexFormat.of().formatHex(received.digest());
    }

    /// What went wrong.
    public Findings findings() {
        return findings;
    }

    private byte[] data(int trip) {
        int length = 1 + (int) Long.remainderUnsigned(Pattern.word(~seed, trip), EchoProtocol.MAX_BYTES);
        return Pattern.bytes(seed, trip, length);
    }
}
