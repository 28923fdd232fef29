package org.enclosure.tdx.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.enclosure.tdx.Script;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;
import org.junit.jupiter.api.Test;

/// Whatever is locked answers BUSY and changes nothing.
class LockTest {
    private static final long TD = Script.TD;
    private static final long PAGE = 0x4020_0000L;

    private static long busy(int operand) {
        return TdxStatus.of(TdxStatus.OPERAND_BUSY, operand);
    }

    @Test
    void shouldAnswerBusyForTheTreeTheEpochAndTheState() {
        try (Script script = Script.running(0)) {
            script.invoke("TEST.TD_LOCK", TD, OperandId.SEPT_TREE, 1);
            assertEquals(busy(OperandId.SEPT_TREE), script.invoke("TDH.MEM.PAGE.AUG", 0, TD, PAGE));
            assertEquals(busy(OperandId.SEPT_TREE), script.invoke("TDH.MEM.RANGE.BLOCK", 0, TD));
            assertEquals(busy(OperandId.SEPT_TREE), script.invoke("TDG.MEM.PAGE.ACCEPT", TD, 0));
            script.invoke("TEST.TD_LOCK", TD, OperandId.SEPT_TREE, 0);
            script.invoke("TEST.TD_LOCK", TD, OperandId.TD_EPOCH, 1);
            assertEquals(busy(OperandId.TD_EPOCH), script.invoke("TDH.MEM.TRACK", TD));
            script.invoke("TEST.TD_LOCK", TD, OperandId.TD_EPOCH, 0);
            script.invoke("TEST.TD_LOCK", TD, OperandId.OP_STATE, 1);
            assertEquals(busy(OperandId.OP_STATE), script.invoke("TDH.MEM.PAGE.AUG", 0, TD, PAGE));
            script.invoke("TEST.TD_LOCK", TD, OperandId.OP_STATE, 0);
            assertEquals(0, script.invoke("TDH.MEM.PAGE.AUG", 0, TD, PAGE));
            assertEquals(0, script.invoke("TDH.MEM.TRACK", TD));
        }
    }

    /// The host that met a locked entry comes first, until any of its calls has had the entry.
    @Test
    void shouldLetTheHostGoFirst() {
        try (Script script = Script.running(0)) {
            script.invoke("TDH.MEM.PAGE.AUG", 0, TD, PAGE);
            script.invoke("TEST.SEPT_ENTRY_LOCK", TD, 0, 0, 1);
            assertEquals(busy(OperandId.RCX), script.invoke("TDG.MEM.PAGE.ACCEPT", TD, 0));
            assertEquals(busy(OperandId.RCX), script.invoke("TDH.MEM.PAGE.REMOVE", 0, TD));
            script.invoke("TEST.SEPT_ENTRY_LOCK", TD, 0, 0, 0);
            assertEquals(SeptEntry.of(SeptState.PENDING, PAGE) | SeptEntry.HOST_PRIORITY, script.out("raw"));
            assertEquals(TdxStatus.OPERAND_BUSY_HOST_PRIORITY | 1, script.invoke("TDG.MEM.PAGE.ACCEPT", TD, 0));
            assertEquals(0, script.invoke("TDH.MEM.SEPT.RD", 0, TD));
            assertEquals(0, script.invoke("TDG.MEM.PAGE.ACCEPT", TD, 0));
        }
    }

    /// The TD's own page is locked by every call on the TD, so offering it as a page is BUSY, not a matter of its type.
    @Test
    void shouldFindTheRootPageLocked() {
        try (Script script = Script.building(0, 1)) {
            assertEquals(busy(OperandId.R8), script.invoke("TDH.MEM.PAGE.AUG", 0, TD, TD));
            assertEquals(busy(OperandId.R8), script.invoke("TDH.MEM.PAGE.ADD", 0, TD, TD, Script.SOURCE));
            assertNotEquals(0, script.invoke("TDH.MNG.CREATE", TD, 0x22));
        }
    }

    /// No lock is left behind by a call that fails: the same call works as soon as what was wrong is right.
    @Test
    void shouldLeaveNoLockBehind() {
        try (Script script = Script.building(0, 1)) {
            script.invoke("TDH.MEM.PAGE.AUG", 0, TD, PAGE);
            for (int i = 0; i < 3; i++) {
                script.invoke("TDH.MEM.PAGE.AUG", 0, TD, PAGE);
                script.invoke("TDH.MEM.PAGE.AUG", 0x1000, TD, PAGE);
                script.invoke("TDH.MEM.PAGE.AUG", 0x1000, TD, PAGE + 8);
                script.invoke("TDH.MEM.PAGE.AUG", 0x1001, TD, PAGE);
                script.invoke("TDH.MEM.PAGE.ADD", 0x1000, TD, PAGE + 0x1000, 8);
                script.invoke("TDH.MEM.PAGE.DEMOTE", 1, TD, PAGE);
                script.invoke("TDH.MEM.PAGE.PROMOTE", 1, TD);
                script.invoke("TDH.MEM.PAGE.RELOCATE", 0, TD, PAGE);
                script.invoke("TDH.MEM.SEPT.REMOVE", 1, TD);
                script.invoke("TDH.PHYMEM.PAGE.RECLAIM", PAGE);
                script.invoke("TDH.PHYMEM.PAGE.WBINVD", PAGE);
                script.invoke("TDG.MEM.PAGE.ACCEPT", TD, 0x1000);
            }
            assertEquals(0, script.invoke("TDH.MEM.RANGE.BLOCK", 0, TD));
            assertEquals(0, script.invoke("TDH.MEM.PAGE.REMOVE", 0, TD));
            assertEquals(0, script.invoke("TDH.MEM.PAGE.ADD", 0, TD, PAGE, Script.SOURCE));
            assertEquals(0, script.invoke("TDH.MR.FINALIZE", TD));
        }
    }
}
