package org.enclosure.tck.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.enclosure.spi.VmType;
import org.enclosure.tck.TestArchMachine;
import org.enclosure.tck.plugin.MachineTable;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.tck.weave.ChangedClass;
import org.enclosure.testarch.TestProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A plugin whose operations and whose host code part company is found, and the message says where.
class ParityTest {
    private static final String OPERATIONS = "org.enclosure.testarch.ops.CheckedMachine";
    private static final String TABLES = "org.enclosure.testarch.machine.StageTwo";
    private static final ClassDesc MEMORY = ClassDesc.of("org.enclosure.spi.PhysicalMemory");
    private static final MethodTypeDesc PUT = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long,
            ConstantDescs.CD_long);
    /// A word of a control page that means nothing.
    private static final long UNUSED = 0x100;
    private static final int CONVERSIONS = 20;

    @TempDir private Path folder;

    @Test
    void shouldFindAnOperationThatDoesNothing() throws Exception {
        assertFound("VM.FLUSH for Epochs.flush(", "comes down to no call of the machine",
                ChangedClass.of(OPERATIONS).withBody("flush", code -> code.lconst_0().lreturn()));
    }

    @Test
    void shouldFindAnOperationThatReportsAnotherStatus() throws Exception {
        assertFound("LEAF.BLOCK for StageTwo.block(", "has status 0x6, and the machine answered 0x0",
                ChangedClass.of(OPERATIONS).withCalls("block", "block", 1,
                        (code, call) -> code.with(call).pop().bipush(6)));
    }

    @Test
    void shouldFindAnOperationThatReportsSuccessForAFailure() throws Exception {
        assertFound("LEAF.BLOCK for StageTwo.block(", "has status 0x0, and the machine answered 0x6",
                ChangedClass.of(OPERATIONS).withCalls("block", "block", 1,
                        (code, call) -> code.with(call).pop().iconst_0()));
    }

    @Test
    void shouldFindAnOperationThatUsesOtherOperands() throws Exception {
        assertFound("LEAF.ADD for StageTwo.addLeaf(", "comes down to [StageTwo.addLeaf(",
                ChangedClass.of(OPERATIONS).withCalls("addLeaf", "addLeaf", 1,
                        (code, call) -> code.pop2().lconst_0().with(call)));
    }

    @Test
    void shouldFindAnOperationThatRefusesWhatTheHostMayDo() throws Exception {
        assertFound("VM.ENTER for Epochs.enter(", "comes down to no call of the machine",
                ChangedClass.of(OPERATIONS).withBody("enter", code -> code.loadConstant(8L).lreturn()));
    }

    @Test
    void shouldFindHostCodeThatWritesATableItself() throws Exception {
        ClassDesc machine = ClassDesc.of("org.enclosure.testarch.machine.TestMachine");
        ClassDesc table = ClassDesc.of("org.enclosure.testarch.host.BackendOwnedTable");
        assertFound("the tables", "of a table is",
                ChangedClass.of(table.packageName() + "." + table.displayName()).withBody("convert", code -> {
                    code.aload(0).getfield(table, "machine", machine).invokevirtual(machine, "memory",
                            MethodTypeDesc.of(MEMORY));
                    code.aload(0).getfield(table, "control", ConstantDescs.CD_long).loadConstant(UNUSED).ladd();
                    code.lconst_1().invokevirtual(MEMORY, "putLong", PUT).lconst_0().lreturn();
                }));
    }

    @Test
    void shouldFindAMachineWhoseTablesDependOnMoreThanItsOperations() throws Exception {
        ClassDesc tables = ClassDesc.of(TABLES);
        assertFound("the tables", "of a table is", ChangedClass.of(TABLES).withCalls("block", "epoch", 1,
                (code, call) -> {
                    code.with(call).aload(0).getfield(tables, "memory", MEMORY);
                    code.lload(1).loadConstant(UNUSED).ladd();
                    code.invokestatic(ClassDesc.of("java.lang.System"), "nanoTime",
                            MethodTypeDesc.of(ConstantDescs.CD_long));
                    code.invokevirtual(MEMORY, "putLong", PUT);
                }));
    }

    @Test
    void shouldFindAMethodThatIsNoOperation() {
        MachineTable table = MachineTable.of("org.enclosure.testarch.machine").operation("StageTwo.init", "VM.INIT");
        Set<String> unlisted = new Parity(Plugin.of(new TestProvider()), table).unlisted();
        assertTrue(unlisted.contains("StageTwo.kill, called by BackendOwnedVcpu"), unlisted::toString);
        assertTrue(unlisted.contains("FrameTable.assign, called by CoreOwnedTable"), unlisted::toString);
        assertTrue(unlisted.stream().noneMatch(one -> one.startsWith("StageTwo.find,")
                || one.startsWith("FrameTable.word,") || one.startsWith("StageTwo.init,")), unlisted::toString);
    }

    @Test
    void shouldFindNamesThatMeanNothing() {
        MachineTable table = TestArchMachine.TABLE.operation("StageTwo.gone", "VM.INIT").apart("NoSuchLock", "none");
        assertEquals(List.of("StageTwo.gone", "NoSuchLock"),
                new Parity(Plugin.of(new TestProvider()), table).unknownNames());
    }

    private void assertFound(String where, String what, ChangedClass mistake) throws Exception {
        try (ChangedPlugin changed = new ChangedPlugin(TestProvider.class, mistake, folder)) {
            Plugin plugin = Plugin.of(changed.provider(TestProvider.class.getName())).withTypes("backend-owned");
            VmType type = plugin.testedTypes().getFirst();
            Parity parity = new Parity(plugin, TestArchMachine.TABLE);
            String message = String
                    .valueOf(assertThrows(AssertionError.class, () -> parity.replay(type, CONVERSIONS)).getMessage());
            assertTrue(message.contains(where), message);
            assertTrue(message.contains(what), message);
        }
    }
}
