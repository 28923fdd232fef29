package org.enclosure.testarch.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.testarch.Bare;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpochsTest {
    private static final long CONTROL = 0x1000;
    private static final long TABLE = 0x2000;

    private final TestMachine machine = TestMachine.of(new Bare().memory, Bare.FRAMES);
    private final Epochs epochs = machine.epochs();
    private final StageTwo tables = machine.stageTwo();

    @BeforeEach
    void mapOnePage() {
        tables.init(CONTROL, 1);
        for (int level = Control.ROOT_LEVEL; level > 1; level--) {
            assertEquals(Code.SUCCESS, tables.addTable(CONTROL, 0, level, TABLE + 0x1000L * level));
        }
        assertEquals(Code.SUCCESS, tables.addLeaf(CONTROL, 0, 1, 0x8000, -1, Entry.PRIVATE));
    }

    @Test
    void shouldStartNoEpochWhenNothingWasBlocked() {
        int before = epochs.epoch(CONTROL);
        epochs.enter(CONTROL);
        assertEquals(Code.SUCCESS, epochs.flush(CONTROL));
        assertEquals(before, epochs.epoch(CONTROL));
    }

    @Test
    void shouldBeBusyUntilTheVcpusOfTheOldEpochHaveLeft() {
        int first = epochs.enter(CONTROL);
        int second = epochs.enter(CONTROL);
        tables.block(CONTROL, 0);
        assertEquals(Code.BUSY, epochs.flush(CONTROL));
        assertEquals(Code.NOT_FLUSHED, tables.removeLeaf(CONTROL, 0));
        epochs.leave(CONTROL, first);
        int fresh = epochs.enter(CONTROL);
        assertEquals(first + 1, fresh, "who enters now sees no blocked leaf");
        assertEquals(Code.BUSY, epochs.flush(CONTROL));
        epochs.leave(CONTROL, second);
        assertEquals(Code.SUCCESS, epochs.flush(CONTROL));
        assertEquals(Code.SUCCESS, tables.removeLeaf(CONTROL, 0));
    }

    @Test
    void shouldNotRemoveWhatWasBlockedAfterTheFlush() {
        tables.block(CONTROL, 0);
        epochs.flush(CONTROL);
        tables.block(CONTROL, 0);
        assertEquals(Code.NOT_FLUSHED, tables.removeLeaf(CONTROL, 0));
    }

    @Test
    void shouldSurviveTheWrapOfTheEpochInAnEntry() {
        tables.block(CONTROL, 0);
        for (int i = 0; i < 5000; i++) {
            tables.block(CONTROL, 0);
            assertEquals(Code.SUCCESS, epochs.flush(CONTROL));
        }
        assertEquals(Code.SUCCESS, tables.removeLeaf(CONTROL, 0));
    }

    @Test
    void shouldCountNobodyOutTwice() {
        int epoch = epochs.enter(CONTROL);
        assertEquals(Code.SUCCESS, epochs.leave(CONTROL, epoch));
        assertEquals(Code.BAD_OPERAND, epochs.leave(CONTROL, epoch));
    }
}
