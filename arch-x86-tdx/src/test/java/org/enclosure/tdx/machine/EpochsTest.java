package org.enclosure.tdx.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;

import org.enclosure.tdx.Script;
import org.enclosure.tdx.wire.TdxStatus;
import org.junit.jupiter.api.Test;

/// Epochs against a simple record of who is inside since when.
class EpochsTest {
    private static final long TD = Script.TD;
    private static final int VCPUS = 5;
    private static final int STEPS = 20_000;
    private static final long PAGE = 0x4020_0000L;

    @Test
    void shouldAgreeWithARecordOfEntries() {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        System.out.println("epochs: seed " + seed + "; again with -Denclosure.seed=" + seed);
        Random random = new Random(seed);
        long[] since = new long[VCPUS];
        long epoch = 1;
        try (Script script = Script.running(0)) {
            for (int step = 0; step < STEPS; step++) {
                int vcpu = random.nextInt(VCPUS);
                switch (random.nextInt(3)) {
                    case 0 -> {
                        script.invoke("VCPU.ENTER", TD, vcpu);
                        since[vcpu] = since[vcpu] == 0 ? epoch : since[vcpu];
                        assertEquals(since[vcpu], script.out("vcpu_epoch"));
                    }
                    case 1 -> {
                        script.invoke("VCPU.EXIT", TD, vcpu);
                        since[vcpu] = 0;
                    }
                    default -> {
                        boolean isOld = inside(since, epoch - 1) != 0;
                        assertEquals(isOld ? TdxStatus.PREVIOUS_TLB_EPOCH_BUSY : 0, script.invoke("TDH.MEM.TRACK", TD));
                        epoch += isOld ? 0 : 1;
                    }
                }
                script.invoke("STATE.INFO", TD);
                assertEquals(epoch, script.out("td_epoch"));
                assertEquals(inside(since, epoch), script.out("ref" + (epoch & 1)));
                assertEquals(inside(since, epoch - 1), script.out("ref" + (epoch + 1 & 1)));
            }
        }
    }

    private static long inside(long[] since, long epoch) {
        long count = 0;
        for (long one : since) {
            count += one != 0 && one == epoch ? 1 : 0;
        }
        return count;
    }

    /// Blocked again is a warning, and the page counts as blocked since the first time.
    @Test
    void shouldNotRefreshTheBlockingEpoch() {
        try (Script script = Script.running(0)) {
            script.invoke("TDH.MEM.PAGE.AUG", 0, TD, PAGE);
            assertEquals(0, script.invoke("TDH.MEM.RANGE.BLOCK", 0, TD));
            assertEquals(0, script.invoke("TDH.MEM.TRACK", TD));
            assertEquals(TdxStatus.GPA_RANGE_ALREADY_BLOCKED | 1, script.invoke("TDH.MEM.RANGE.BLOCK", 0, TD));
            assertEquals(0, script.invoke("TDH.MEM.PAGE.REMOVE", 0, TD));
        }
    }

    /// A vCPU that entered before the block keeps the page; two epochs later nobody can.
    @Test
    void shouldWaitForTheVcpusOfTheBlockingEpoch() {
        try (Script script = Script.running(0)) {
            script.invoke("TDH.MEM.PAGE.AUG", 0, TD, PAGE);
            script.invoke("VCPU.ENTER", TD, 0);
            script.invoke("TDH.MEM.RANGE.BLOCK", 0, TD);
            script.invoke("TDH.MEM.TRACK", TD);
            script.invoke("VCPU.ENTER", TD, 1);
            assertEquals(TdxStatus.TLB_TRACKING_NOT_DONE | 1, script.invoke("TDH.MEM.PAGE.REMOVE", 0, TD));
            assertEquals(TdxStatus.PREVIOUS_TLB_EPOCH_BUSY, script.invoke("TDH.MEM.TRACK", TD));
            script.invoke("VCPU.EXIT", TD, 0);
            assertEquals(0, script.invoke("TDH.MEM.PAGE.REMOVE", 0, TD));
        }
    }
}
