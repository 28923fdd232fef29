package org.enclosure.bench;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The launch digest of an image of 4M, with one vCPU, and what its bytes alone cost.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class SnpDigestBenchmark {
    private static final Map<String, String> OPTIONS = Map.of("gpa", "0x100000", "vcpus", "1", "vcpu-type", "EPYC-v4");

    private final byte[] image = new byte[4 << 20];
    private LaunchPlanner planner;
    private MessageDigest sha384;

    /// Makes an image of random bytes.
    @Setup
    public void open() throws NoSuchAlgorithmException {
        new Random(1).nextBytes(image);
        sha384 = MessageDigest.getInstance("SHA-384");
        try (BareVm machine = new BareVm("x86-snp", "snp", Map.of())) {
            planner = machine.platform().launchPlanner();
        }
    }

    /// Plan and digest.
    @Benchmark
    public String measure() {
        MemorySegment segment = MemorySegment.ofArray(image);
        List<LaunchItem> plan = planner.plan(segment, OPTIONS);
        return planner.measure(plan, segment, OPTIONS).digest();
    }

    /// The hash of the bytes in one piece.
    @Benchmark
    public byte[] sha384() {
        return sha384.digest(image);
    }
}
