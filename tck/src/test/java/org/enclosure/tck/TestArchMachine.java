package org.enclosure.tck;

import static org.enclosure.tck.plugin.MachineTable.PFN_FIRST;

import org.enclosure.tck.plugin.MachineTable;

/// Which methods of the test platform's machine are which operations.
public final class TestArchMachine {
    /// The table.
    public static final MachineTable TABLE = MachineTable.of("org.enclosure.testarch.machine")
            .operation("FrameTable.assign", "FRAME.ASSIGN", PFN_FIRST)
            .operation("FrameTable.release", "FRAME.RELEASE", PFN_FIRST)
            .operation("FrameTable.accept", "FRAME.ACCEPT", PFN_FIRST)
            .operation("FrameTable.split", "FRAME.SPLIT", PFN_FIRST).operation("FrameTable.fill", "FRAME.FILL")
            .operation("FrameTable.poison", "FRAME.POISON", PFN_FIRST)
            .operation("StageTwo.init", "VM.INIT").operation("StageTwo.close", "VM.CLOSE")
            .operation("StageTwo.kill", "VM.KILL").operation("Epochs.enter", "VM.ENTER")
            .operation("Epochs.leave", "VM.LEAVE").operation("Epochs.flush", "VM.FLUSH")
            .operation("StageTwo.addTable", "TABLE.ADD").operation("StageTwo.dropTable", "TABLE.DROP")
            .operation("StageTwo.addLeaf", "LEAF.ADD").operation("StageTwo.block", "LEAF.BLOCK")
            .operation("StageTwo.removeLeaf", "LEAF.REMOVE").operation("StageTwo.split", "LEAF.SPLIT")
            .operation("StageTwo.merge", "LEAF.MERGE")
            .inspection("FRAME.STATE", "word");

    private TestArchMachine() {
    }
}
