package org.enclosure.tdx.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.tdx.machine.SeptTransitionsTest.Row;
import org.enclosure.tdx.wire.GpaList;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// Rows of the table of transitions that belong to a migration.
final class MigrationCases {
    private static final long TD = Stage.TD;
    private static final long EXPORTS = 3;
    private static final long EPOCH = 7;
    private static final long MIGRATED = 1L << 63 | EXPORTS << 32;
    private static final long OPERAND = GpaList.operand(Stage.LIST, 0, 0);
    private static final long PENDING = 4;

    private MigrationCases() {
    }

    private static void entry(Stage stage, int operation, long more) {
        stage.script.memory().putLong(Stage.LIST, GpaList.answered(0, operation, 0) | more);
    }

    private static int outcome(Stage stage) {
        return GpaList.status(stage.script.memory().getLong(Stage.LIST));
    }

    private static long counted(Stage stage, String name) {
        stage.invoke("STATE.MIGRATION", TD);
        return stage.script.out(name);
    }

    // ---- BLOCKW, RESTORE ------------------------------------------------------------------------------------------------

    static void turn(Row row) {
        boolean isBlock = row.instruction().endsWith("BLOCKW");
        OpState legal = isBlock ? OpState.LIVE_EXPORT : OpState.RUNNABLE;
        try (Stage stage = new Stage(0, 0, row.state(), true).in(legal)) {
            entry(stage, GpaList.MIGRATE, 0);
            assertEquals(row.isNever() ? row.status(0) : 0, stage.invoke(row.instruction(), OPERAND, TD), "rax");
            assertEquals(GpaList.behind(OPERAND, 0), stage.script.out("rcx"), "rcx");
            assertEquals(row.isNever() ? GpaList.STATE_INCORRECT : GpaList.DONE, outcome(stage));
            assertEquals(row.to(), stage.state(), "state afterwards");
            if (!row.isNever()) {
                assertEquals(isBlock ? 0 : -1, counted(stage, "exported"));
                assertEquals(isBlock ? 2 : 0, counted(stage, "bw_epoch"));
            }
        }
        if (!row.isNever()) {
            try (Stage stage = new Stage(0, 0, row.state(), true).in(OpState.POST_EXPORT)) {
                entry(stage, GpaList.MIGRATE, 0);
                assertEquals(row.status(0), stage.invoke(row.instruction(), OPERAND, TD), "rax");
                assertEquals(row.state(), stage.state(), "state afterwards");
            }
        }
    }

    // ---- EXPORT.MEM -----------------------------------------------------------------------------------------------------

    static void export(Row row) {
        boolean isCancel = row.says("CANCEL");
        for (OpState opState : new OpState[] {OpState.LIVE_EXPORT, OpState.PAUSED_EXPORT, OpState.POST_EXPORT}) {
            try (Stage stage = new Stage(0, 0, row.state(), true).in(opState)) {
                boolean goes = goes(row, opState);
                entry(stage, isCancel ? GpaList.CANCEL : GpaList.MIGRATE, 0);
                assertEquals(goes ? 0 : 1, stage.invoke("TDH.EXPORT.MEM", OPERAND, TD), opState + " rax");
                int refused = row.error().contains("OP_STATE") ? GpaList.OP_STATE_INCORRECT : GpaList.STATE_INCORRECT;
                assertEquals(goes ? GpaList.DONE : refused, outcome(stage), opState.toString());
                assertEquals(goes ? row.to() : row.state(), stage.state(), opState + " state afterwards");
                if (goes) {
                    done(stage, row, opState, isCancel);
                }
            }
        }
        if (row.error().contains("TRACKING")) {
            untracked(row);
        }
    }

    private static boolean goes(Row row, OpState opState) {
        if (row.isNever()) {
            return false;
        }
        if (row.says("POST_EXPORT) only")) {
            return opState == OpState.POST_EXPORT;
        }
        if (row.says("in-order phase only")) {
            return opState != OpState.POST_EXPORT;
        }
        return opState != OpState.LIVE_EXPORT || row.state().isWriteBlocked();
    }

    private static void done(Stage stage, Row row, OpState opState, boolean isCancel) {
        long entry = stage.script.memory().getLong(Stage.LIST);
        boolean wasExported = row.from().contains("EXPORTED");
        boolean isAgain = wasExported && opState != OpState.POST_EXPORT;
        assertEquals(isCancel ? GpaList.CANCEL : isAgain ? GpaList.REMIGRATE : GpaList.MIGRATE,
                GpaList.operation(entry), "operation");
        if (!isCancel) {
            assertEquals(row.from().startsWith("PENDING"), GpaList.isPending(entry), "pending");
        }
        assertEquals(isCancel ? -1 : wasExported ? 0 : 1, counted(stage, "exported"), "exported pages");
        assertEquals(row.from().contains("DIRTY") ? -1 : 0, counted(stage, "dirty"), "dirty pages");
    }

    /// Blocked for writing in the present epoch: somebody may still write.
    private static void untracked(Row row) {
        SeptState before = switch (row.state()) {
            case BLOCKEDW -> SeptState.MAPPED;
            case EXPORTED_DIRTY_BLOCKEDW -> SeptState.EXPORTED_DIRTY;
            case PENDING_BLOCKEDW -> SeptState.PENDING;
            default -> SeptState.PENDING_EXPORTED_DIRTY;
        };
        try (Stage stage = new Stage(0, 0, before, true).in(OpState.LIVE_EXPORT)) {
            entry(stage, GpaList.MIGRATE, 0);
            stage.done("TDH.EXPORT.BLOCKW", OPERAND, TD);
            assertEquals(row.state(), stage.state());
            assertEquals(1, stage.invoke("TDH.EXPORT.MEM", OPERAND, TD));
            assertEquals(GpaList.TRACKING_NOT_DONE, outcome(stage));
            assertEquals(row.state(), stage.state());
            stage.done("TDH.MEM.TRACK", TD);
            entry(stage, GpaList.MIGRATE, 0);
            stage.done("TDH.EXPORT.MEM", OPERAND, TD);
            assertEquals(row.to(), stage.state());
        }
    }

    // ---- IMPORT.MEM -----------------------------------------------------------------------------------------------------

    static void importPage(Row row) {
        if (!row.condition().contains("never legal")) {
            comes(row, SeptState.MAPPED);
            if (row.state() != SeptState.MAPPED && !row.says("CANCEL")) {
                comes(row, SeptState.PENDING);
            }
        }
        if (row.cells().get(5).startsWith("0x")) {
            stops(row, OpState.MEMORY_IMPORT);
            stops(row, OpState.STATE_IMPORT);
            if (row.says("migration epoch stored")) {
                stops(row, OpState.LIVE_IMPORT);
                stops(row, OpState.POST_IMPORT);
            }
            if (row.says("status 4")) {
                isCounted(row);
            }
        } else {
            lacksItsPage(row);
        }
    }

    private static int operation(Row row) {
        return row.says("REMIGRATE") ? GpaList.REMIGRATE : row.says("CANCEL") ? GpaList.CANCEL : GpaList.MIGRATE;
    }

    private static Stage stage(Row row, OpState opState, long epochOfThePage) {
        SeptState state = row.state();
        Stage stage = new Stage(0, 0, SeptState.FREE, true);
        stage.invoke("TEST.SET_MIGRATION", TD, EXPORTS, epochOfThePage);
        boolean isRemoved = row.says("stored in the REMOVED entry");
        if (isRemoved || !row.says("never legal") && state.isPage() || row.says("REMIGRATE")) {
            stage.in(OpState.MEMORY_IMPORT);
            importOne(stage, GpaList.MIGRATE, state == SeptState.PENDING ? PENDING : 0, stage.page());
            if (isRemoved) {
                stage.invoke("TEST.SET_MIGRATION", TD, EXPORTS, epochOfThePage + 1);
                importOne(stage, GpaList.CANCEL, 0, GpaList.NO_PAGE);
                stage.invoke("TEST.SET_MIGRATION", TD, EXPORTS, epochOfThePage);
            }
        } else if (state.isPage()) {
            stage.close();
            stage = new Stage(0, 0, state, true);
        } else {
            stage.force(state); // no table hangs at an entry of level 0; the leaf looks at the state alone
        }
        stage.invoke("TEST.SET_MIGRATION", TD, EXPORTS, EPOCH);
        return stage.in(opState);
    }

    private static void importOne(Stage stage, int operation, long more, long page) {
        assertEquals(0, call(stage, operation, more, page));
    }

    private static long call(Stage stage, int operation, long more, long page) {
        entry(stage, operation, more);
        stage.script.memory().putLong(Stage.NEW_PAGES, page);
        return stage.invoke("TDH.IMPORT.MEM", OPERAND, TD, Stage.NEW_PAGES);
    }

    private static void comes(Row row, SeptState as) {
        long more = as == SeptState.PENDING ? PENDING : 0;
        boolean isNew = operation(row) == GpaList.MIGRATE;
        try (Stage stage = stage(row, OpState.MEMORY_IMPORT, EPOCH - 2)) {
            stage.invoke("STATE.INFO", TD);
            long children = stage.script.out("chldcnt");
            importOne(stage, operation(row), more, isNew ? stage.otherPage() : GpaList.NO_PAGE);
            boolean isCancel = operation(row) == GpaList.CANCEL;
            assertEquals(isCancel ? SeptState.REMOVED : as, stage.state(), "state afterwards");
            stage.invoke("STATE.INFO", TD);
            assertEquals(children + (isNew ? 1 : isCancel ? -1 : 0), stage.script.out("chldcnt"));
            if (isCancel) {
                assertEquals(EPOCH, SeptEntry.removalEpoch(stage.raw()));
            } else {
                stage.done("TDH.PHYMEM.PAGE.RDMD", isNew ? stage.otherPage() : stage.page());
                assertEquals(MIGRATED | EPOCH, stage.script.out("r9"), "blocking epoch");
            }
        }
    }

    /// What the row names ends the import: the TD can only be torn down, or, where it runs already, runs on without the rest.
    private static void stops(Row row, OpState opState) {
        boolean isLive = opState == OpState.LIVE_IMPORT;
        try (Stage stage = stage(row, opState, EPOCH)) {
            if (row.error().startsWith("DISALLOWED")) {
                stage.invoke("TEST.SET_MIGRATION", TD, EXPORTS, EPOCH - 1);
            }
            if (row.error().startsWith("IMPORT_MISMATCH")) {
                stage.invoke("TEST.SET_MIGRATION", TD, EXPORTS, EPOCH + 1);
            }
            long before = stage.raw();
            long more = row.says("pending page over") ? PENDING : 0;
            long rax = call(stage, operation(row), more, stage.otherPage());
            assertEquals(isLive ? row.status(0) & ~TdxStatus.FATAL : row.status(0), rax, opState + " rax");
            assertEquals(before, stage.raw(), "entry afterwards");
            stage.invoke("STATE.INFO", TD);
            OpState after = isLive ? OpState.RUNNABLE : OpState.FAILED_IMPORT;
            assertEquals(after.number(), stage.script.out("op_state"));
        }
    }

    /// Once pages come in any order, the entry is passed over.
    private static void isCounted(Row row) {
        for (OpState opState : new OpState[] {OpState.POST_IMPORT, OpState.LIVE_IMPORT}) {
            try (Stage stage = stage(row, opState, EPOCH)) {
                long before = stage.raw();
                assertEquals(1, call(stage, GpaList.MIGRATE, 0, stage.otherPage()), opState + " rax");
                assertEquals(GpaList.STATE_INCORRECT, outcome(stage));
                assertEquals(before, stage.raw());
                stage.invoke("STATE.INFO", TD);
                assertEquals(opState.number(), stage.script.out("op_state"));
            }
        }
    }

    private static void lacksItsPage(Row row) {
        try (Stage stage = stage(row, OpState.POST_IMPORT, EPOCH - 2)) {
            assertEquals(1, call(stage, GpaList.MIGRATE, 0, TD + 0x1000), "a page of the TD's own");
            assertEquals(GpaList.NEW_PAGE_NOT_AVAILABLE, outcome(stage));
            assertEquals(row.state(), stage.state());
            assertEquals(GpaList.NO_PAGE, stage.script.memory().getLong(Stage.NEW_PAGES));
        }
    }
}
