package org.enclosure.tdx.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.tdx.Script;
import org.enclosure.tdx.machine.SeptTransitionsTest.Row;
import org.enclosure.tdx.wire.Attributes;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.SeptState;

/// Rows of the table of transitions, but for those of a migration.
final class TransitionCases {
    private static final long TD = Stage.TD;
    private static final int READ = 1;
    private static final int WRITE = 2;

    private TransitionCases() {
    }

    // ---- SEAMCALL leaves ------------------------------------------------------------------------------------------------

    static void leaf(Row row) {
        if (!row.isNever()) {
            goes(row);
        }
        if (row.isNever() || !row.error().equals("GPA_RANGE_ALREADY_BLOCKED")) {
            fails(row);
        }
    }

    private static void goes(Row row) {
        boolean isWarning = row.error().equals("GPA_RANGE_ALREADY_BLOCKED");
        try (Stage stage = stage(row, Attributes.DEBUG, true).in(opState(row))) {
            if (row.instruction().equals("TDH.MEM.PAGE.PROMOTE")) {
                stage.populate(SeptState.MAPPED, 512);
            }
            long epoch = stage.state().isPage() || stage.state().isTable() ? stage.blockEpoch() : 0;
            assertEquals(isWarning ? row.status(0) : 0, execute(stage, row, true), "rax");
            assertEquals(row.to(), stage.state(), "state afterwards");
            if (row.instruction().equals("TDH.MEM.RANGE.BLOCK")) {
                assertEquals(isWarning ? epoch : epoch + 1, stage.blockEpoch(), "blocking epoch");
            }
        }
    }

    private static void fails(Row row) {
        long attributes = row.error().equals("TD_NON_DEBUG") ? 0 : Attributes.DEBUG;
        try (Stage stage = stage(row, attributes, !row.error().equals("TLB_TRACKING_NOT_DONE")).in(opState(row))) {
            spoil(stage, row);
            long before = stage.raw();
            long status = row.error().equals("EPT_WALK_FAILED")
                    ? stage.invoke(row.instruction(), 1L << 39 | 1, TD, Stage.NEW_TABLE) : execute(stage, row, false);
            assertEquals(row.status(0), status, "rax");
            assertEquals(before, stage.raw(), "entry afterwards");
        }
    }

    /// Makes wrong what the row says that can be wrong.
    private static void spoil(Stage stage, Row row) {
        switch (row.error()) {
            case "OP_STATE_INCORRECT" -> stage.in(
                    row.instruction().equals("TDH.EXPORT.UNBLOCKW") ? OpState.INITIALIZED : OpState.PAUSED_EXPORT);
            case "OPERAND_BUSY(SEPT_TREE)" -> stage.invoke("TEST.TD_LOCK", TD, OperandId.SEPT_TREE, 1);
            case "GPA_RANGE_NOT_BLOCKED" -> stage.in(OpState.RUNNABLE);
            case "EPT_PAGE_NOT_FREE" -> stage.populate(SeptState.PENDING, 1);
            case "EPT_INVALID_PROMOTE_CONDITIONS" -> stage.populate(SeptState.MAPPED, 511);
            default -> {
                // It is the state itself, or the call.
            }
        }
    }

    private static Stage stage(Row row, long attributes, boolean isTracked) {
        boolean isLarge = row.state().isTable() || switch (row.instruction()) {
            case "TDH.MEM.PAGE.DEMOTE", "TDH.MEM.PAGE.PROMOTE", "TDH.MEM.SEPT.ADD", "TDH.MEM.SEPT.REMOVE" -> true;
            default -> false;
        };
        return new Stage(attributes, isLarge ? 1 : 0, row.state(), isTracked);
    }

    private static OpState opState(Row row) {
        boolean isEarly = row.instruction().equals("TDH.MEM.PAGE.ADD") || row.instruction().equals("TDH.MR.EXTEND")
                || row.says("does not require tracking") || row.says("children check");
        return isEarly ? OpState.INITIALIZED : OpState.RUNNABLE;
    }

    private static long execute(Stage stage, Row row, boolean isRight) {
        long level = stage.level;
        boolean allowsExisting = isRight && row.says("allow_existing=1");
        boolean isSame = !isRight && row.error().equals("OPERAND_INVALID(R8)");
        return switch (row.instruction()) {
            case "TDH.MEM.PAGE.ADD" -> stage.invoke(row.instruction(), level, TD, stage.otherPage(), Script.SOURCE);
            case "TDH.MEM.PAGE.AUG" -> stage.invoke(row.instruction(), level, TD, stage.otherPage());
            case "TDH.MEM.PAGE.RELOCATE" -> stage.invoke(row.instruction(), level, TD,
                    isSame ? stage.page() : stage.otherPage());
            case "TDH.MEM.SEPT.ADD" -> stage.invoke(row.instruction(), level, allowsExisting ? TD | 1 : TD,
                    Stage.NEW_TABLE);
            case "TDH.MEM.PAGE.DEMOTE" -> stage.invoke(row.instruction(), level, TD, Stage.NEW_TABLE);
            case "TDH.MEM.RD", "TDH.MEM.WR", "TDH.MR.EXTEND" -> stage.invoke(row.instruction(), 0, TD);
            default -> stage.invoke(row.instruction(), level, TD);
        };
    }

    // ---- the guest ------------------------------------------------------------------------------------------------------

    static void accept(Row row) {
        boolean isLegal = row.state().isAcceptable();
        try (Stage stage = new Stage(0, row.state().isTable() ? 1 : 0, row.state(), true).in(OpState.RUNNABLE)) {
            stage.script.memory().putLong(stage.page(), 42);
            long rax = stage.invoke("TDG.MEM.PAGE.ACCEPT", TD, stage.level);
            boolean isExit = row.error().startsWith("TD exit");
            assertEquals(isExit ? 1 : 0, stage.script.out("exit"), "exit");
            assertEquals(isExit ? 1 : 0, stage.script.out("eeq_type"), "type of the exit");
            assertEquals(isExit || isLegal ? 0 : row.status(stage.level), rax, "rax");
            assertEquals(row.to(), stage.state(), "state afterwards");
            assertEquals(isLegal ? 0 : 42, stage.script.memory().getLong(stage.page()), "content");
        }
        if (isLegal) {
            try (Stage stage = new Stage(0, 0, row.state(), true).in(OpState.RUNNABLE)) {
                assertEquals(row.status(0), stage.invoke("TDG.MEM.PAGE.ACCEPT", TD, 2), "rax");
                assertEquals(row.state(), stage.state(), "state afterwards");
            }
        }
    }

    static void access(Row row) {
        boolean isPending = row.says("#VE");
        for (long attributes : new long[] {0, Attributes.SEPT_VE_DISABLE}) {
            boolean isVe = isPending && attributes == 0;
            try (Stage stage = new Stage(attributes, row.state().isTable() ? 1 : 0, row.state(), true)) {
                for (int access : new int[] {READ, WRITE, READ | WRITE}) {
                    long outcome = stage.invoke("GUEST.ACCESS", TD, 0, access);
                    boolean isAllowed = row.says("read, write, execute allowed")
                            || row.says("read/execute allowed") && access == READ;
                    assertEquals(isAllowed ? GuestLeaves.ALLOWED
                            : isVe ? GuestLeaves.VIRTUALIZATION_EXCEPTION : GuestLeaves.EXIT, outcome, "outcome");
                    if (outcome == GuestLeaves.EXIT) {
                        assertEquals(isPending ? 6 : 0, stage.script.out("eeq_type"), "type of the exit");
                    }
                    assertEquals(row.to(), stage.state(), "state afterwards");
                }
            }
        }
    }

    // ---- the TD as a whole ----------------------------------------------------------------------------------------------

    static void ofTheTd(Row row) {
        try (Stage stage = new Stage(0, 0, SeptState.PENDING, false).in(OpState.RUNNABLE)) {
            switch (row.error()) {
                case "PREVIOUS_TLB_EPOCH_BUSY" -> {
                    stage.invoke("VCPU.ENTER", TD, 0);
                    stage.done("TDH.MEM.TRACK", TD);
                    assertEquals(row.status(0), stage.invoke("TDH.MEM.TRACK", TD));
                    stage.invoke("VCPU.EXIT", TD, 0);
                    stage.done("TDH.MEM.TRACK", TD);
                }
                case "OPERAND_BUSY(TD_EPOCH)" -> {
                    stage.invoke("TEST.TD_LOCK", TD, OperandId.TD_EPOCH, 1);
                    assertEquals(row.status(0), stage.invoke("TDH.MEM.TRACK", TD));
                }
                case "TLB_TRACKING_NOT_DONE" -> tracked(stage, row);
                default -> operands(stage, row);
            }
        }
    }

    private static void tracked(Stage stage, Row row) {
        stage.invoke("VCPU.ENTER", TD, 0);
        stage.done("TDH.MEM.RANGE.BLOCK", 0, TD);
        assertEquals(row.status(0), stage.invoke("TDH.MEM.PAGE.REMOVE", 0, TD), "in the epoch of the block");
        stage.done("TDH.MEM.TRACK", TD);
        assertEquals(row.status(0), stage.invoke("TDH.MEM.PAGE.REMOVE", 0, TD), "somebody of that epoch inside");
        stage.invoke("VCPU.EXIT", TD, 0);
        stage.done("TDH.MEM.PAGE.REMOVE", 0, TD);
    }

    private static void operands(Stage stage, Row row) {
        if (row.error().startsWith("OPERAND_INVALID")) {
            for (long wrong : new long[] {1L << 47, 1L << 48, 1L << 52, 1 << 12 | 1, 4, 8}) {
                assertEquals(row.status(0), stage.invoke("TDH.MEM.RANGE.BLOCK", wrong, TD), Long.toHexString(wrong));
            }
        } else if (row.error().startsWith("EPT_WALK_FAILED")) {
            assertEquals(row.status(0), stage.invoke("TDH.MEM.RANGE.BLOCK", 1L << 39, TD));
            assertEquals(3, stage.script.out("rdx"), "level and state of the entry");
        } else {
            stage.invoke("TEST.SEPT_ENTRY_LOCK", TD, 0, 0, 1);
            String call = row.error().startsWith("OPERAND_BUSY(RCX)") ? "TDH.MEM.RANGE.BLOCK" : "TDG.MEM.PAGE.ACCEPT";
            if (call.equals("TDG.MEM.PAGE.ACCEPT")) {
                stage.invoke("TDH.MEM.RANGE.BLOCK", 0, TD);
                stage.invoke("TEST.SEPT_ENTRY_LOCK", TD, 0, 0, 0);
            }
            assertEquals(row.status(0), call.equals("TDG.MEM.PAGE.ACCEPT") ? stage.invoke(call, TD, 0)
                    : stage.invoke(call, 0, TD));
        }
    }
}
