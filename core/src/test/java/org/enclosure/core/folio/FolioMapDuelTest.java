package org.enclosure.core.folio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.mem.HostMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A thread that resolves one page over and over, against a mutator that takes the ground from under it. A wrong step shows as
/// a frame that is freed twice, or an entry below a huge folio.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a wrong step may leave an entry BUSY for ever
class FolioMapDuelTest {
    private static final int ROUNDS = Integer.getInteger("enclosure.test.rounds", 20_000);
    private static final int BLOCK = 512;
    private static final int HUGE = 9;

    private final HostMemory memory = HostMemory.reserve(64L << 20);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final FrameMagazine magazine = new FrameMagazine(frames);
    private final FrameMagazine others = new FrameMagazine(frames);
    private final FrameList removed = new FrameList(frames);
    private final FolioMap map = new FolioMap(BLOCK, frames);
    private volatile boolean stop;
    private volatile int resolved;
    private volatile String failure = "";

    @AfterEach
    void close() {
        map.close();
        magazine.close();
        others.close();
        assertEquals(0, frames.usedFrames(), "frames that never came back");
        frames.close();
        memory.close();
    }

    @Test
    void shouldRemoveWhatIsBeingZeroed() throws InterruptedException {
        duel(() -> {
            map.resolve(0, 0, false, others);
            map.resolve(0, 0, true, others);
        }, () -> {
            map.remove(0, 1, removed);
            removed.freeAll();
        });
    }

    @Test
    void shouldMergeWhatIsBeingZeroed() throws InterruptedException {
        map.resolve(0, HUGE, false, magazine);
        duel(() -> map.resolve(BLOCK - 1, 0, true, others), () -> {
            map.split(0, 0);
            map.markUnzeroed(0, BLOCK);
            map.merge(0, HUGE);
        });
    }

    @Test
    void shouldNotShowAHoleWhileItMerges() throws InterruptedException {
        long pfn = FolioMap.pfn(map.resolve(0, HUGE, true, magazine));
        duel(() -> {
            long word = map.resolve(0, 0, false, others);
            if (word != FolioMap.RETRY && FolioMap.pfn(word) != pfn || map.get(0) == FolioMap.HOLE) {
                failure = "the page was there all the time";
            }
        }, () -> {
            map.split(0, 0);
            map.merge(0, HUGE);
        });
    }

    @Test
    void shouldNotCollapseATableThatIsBeingFilled() throws InterruptedException {
        boolean[] isHuge = new boolean[1];
        duel(() -> {
            isHuge[0] = !isHuge[0];
            map.resolve(0, isHuge[0] ? HUGE : 0, false, others);
        }, () -> {
            map.remove(0, 1, removed);
            removed.freeAll();
        });
    }

    private void duel(Runnable vcpu, Runnable mutator) throws InterruptedException {
        Thread thread = new Thread(() -> {
            for (int i = 1; !stop; i++) {
                vcpu.run();
                resolved = i;
            }
        });
        thread.setUncaughtExceptionHandler((t, e) -> failure = e.toString());
        thread.start();
        try {
            for (int i = 0; failure.isEmpty() && (i < ROUNDS || resolved < ROUNDS); i++) {
                mutator.run();
            }
        } finally {
            stop = true;
            thread.join();
        }
        assertEquals("", failure);
    }
}
