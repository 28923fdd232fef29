package org.enclosure.testarch.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.testarch.Bare;
import org.enclosure.testarch.host.TestTypes;
import org.enclosure.testarch.machine.Code;
import org.enclosure.testarch.machine.Entry;
import org.enclosure.testarch.machine.FrameTable;
import org.enclosure.testarch.machine.FrameWord;
import org.junit.jupiter.api.Test;

class TestOperationsTest {
    private static final long CONTROL = 0x1000;

    private final Bare bare = new Bare();
    private final ArchOperations operations = bare.platform.operations();

    @Test
    void shouldNameEachOperationOnceAndEachOperand() {
        List<String> names = operations.list().stream().map(Operation::name).toList();
        assertEquals(names.size(), new HashSet<>(names).size());
        for (Operation operation : operations.list()) {
            assertEquals(Code.NAMES.size(), operation.statuses().size());
            assertTrue(operation.in().stream().noneMatch(field -> field.meaning().isEmpty()), operation.name());
        }
    }

    /// RAW-1, RAW-2: a VM that was built by operations on addresses alone is one to the machine.
    @Test
    void raw2ShouldBuildAndTakeApartAVmWithoutAnObject() {
        assertEquals(Code.SUCCESS, invoke("VM.INIT", CONTROL, 7));
        assertEquals(Code.MISSING, invoke("LEAF.ADD", CONTROL, 5, 1, 0x8000, -1, Entry.PRIVATE));
        for (int level = 4; level > 1; level--) {
            assertEquals(Code.SUCCESS, invoke("TABLE.ADD", CONTROL, 5, level, 0x2000 + level * 0x1000L));
        }
        assertEquals(Code.SUCCESS, invoke("LEAF.ADD", CONTROL, 5, 1, 0x8000, -1, Entry.PRIVATE));
        assertEquals(Code.ALREADY, invoke("LEAF.ADD", CONTROL, 5, 1, 0x8000, -1, Entry.PRIVATE));
        long epoch = out("VM.ENTER", CONTROL);
        assertEquals(Code.SUCCESS, invoke("LEAF.BLOCK", CONTROL, 5));
        assertEquals(Code.BUSY, invoke("VM.FLUSH", CONTROL));
        assertEquals(Code.SUCCESS, invoke("VM.LEAVE", CONTROL, epoch));
        assertEquals(Code.SUCCESS, invoke("VM.FLUSH", CONTROL));
        assertEquals(Code.SUCCESS, invoke("LEAF.REMOVE", CONTROL, 5));
        assertEquals(0, out("LEAF.STATE", CONTROL, 5));
        assertEquals(List.of(0x4000L, 0x5000L, 0x6000L, -1L),
                List.of(out("TABLE.DROP", CONTROL), out("TABLE.DROP", CONTROL),
                        out("TABLE.DROP", CONTROL), out("TABLE.DROP", CONTROL)));
        assertEquals(Code.SUCCESS, invoke("VM.CLOSE", CONTROL));
        assertEquals(Code.BAD_OPERAND, invoke("VM.ENTER", CONTROL));
    }

    @Test
    void raw1ShouldActOnTheTablesThatTheHostUses() {
        VmBackend vm = bare.vm(TestTypes.CORE_OWNED);
        TableWork work = bare.work(TableWork.FAULT, Bare.PRIVATE);
        vm.table().map(100, 9, 1, work);
        assertEquals(FrameWord.of(1, 100, 0), out("FRAME.STATE", 0x9000));
        assertEquals(Code.SUCCESS, invoke("FRAME.ACCEPT", 0x9000, 1, 1));
        long leaf = Leaf.of(9, 1, Leaf.ALL);
        assertEquals(leaf,
                vm.createVcpu(new VcpuContext(0, bare.frames(0))).admit(100, leaf, Bare.PRIVATE, work.detail));
        bare.memory.putLong(0x9000, 77);
        assertEquals(FrameTable.scrambled(0x9000, 77), out("HOST.READ64", 0x9000));
        assertEquals(1, out("FRAME.RELEASE", 0x9000, 1, 1, FrameTable.KEEP));
        assertEquals(77, out("HOST.READ64", 0x9000));
        assertEquals(Code.SUCCESS, invoke("TEST.SET_FRAME", 0x9000, FrameWord.of(3, 1, 0)));
        assertEquals(Code.FOREIGN, invoke("FRAME.ASSIGN", 0x9000, 1, 1, 4, 0));
    }

    @Test
    void shouldTakeOnlyZeroedFramesOfTheHostForTables() {
        bare.memory.putLong(CONTROL + 8, 1);
        assertEquals(Code.BAD_OPERAND, invoke("VM.INIT", CONTROL, 7));
        invoke("VM.INIT", 0x2000, 7);
        assertEquals(Code.BAD_OPERAND, invoke("TABLE.ADD", 0x2000, 0, 4, 0x2000));
        assertEquals(Code.BAD_OPERAND, invoke("TABLE.ADD", 0x2000, 0, 4, CONTROL));
    }

    @Test
    void shouldInvokeNothingThatIsNotListed() {
        Operation alien = new Operation("FRAME.EAT", -1, Operation.Effect.TEST, List.of(), List.of(), List.of(),
                "nowhere");
        assertThrows(IllegalArgumentException.class, () -> operations.invoke(alien, new OperationCall(alien)));
    }

    @Test
    void shouldNeverThrowWhateverTheOperands() {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        Random random = new Random(seed);
        invoke("VM.INIT", CONTROL, 7);
        int done = 0;
        for (int i = 0; i < 50_000; i++) {
            Operation operation = operations.list().get(random.nextInt(operations.list().size()));
            OperationCall call = new OperationCall(operation);
            for (int operand = 0; operand < operation.in().size(); operand++) {
                call.in(operand, operand(random, operation.in().get(operand).name()));
            }
            if (!operation.name().equals("TEST.SET_FRAME")) {
                done += operations.invoke(operation, call) == Code.SUCCESS ? 1 : 0;
            }
        }
        assertNotEquals(0, done, "enclosure.seed=" + seed);
    }

    private static long operand(Random random, String name) {
        if (random.nextInt(12) == 0) {
            return random.nextLong() >> random.nextInt(64);
        }
        return switch (name) {
            case "control" -> CONTROL;
            case "pa", "source" -> (long) random.nextInt((int) Bare.FRAMES + 2) << 12;
            case "gfn" -> random.nextInt(2000);
            case "pages" -> random.nextInt(600);
            default -> random.nextInt(8);
        };
    }

    private long invoke(String name, long... operands) {
        return operations.invoke(operation(name), call(name, operands));
    }

    private long out(String name, long... operands) {
        OperationCall call = call(name, operands);
        assertEquals(Code.SUCCESS, operations.invoke(operation(name), call));
        return call.out(0);
    }

    private OperationCall call(String name, long... operands) {
        OperationCall call = new OperationCall(operation(name));
        for (int i = 0; i < operands.length; i++) {
            call.in(i, operands[i]);
        }
        return call;
    }

    private Operation operation(String name) {
        return operations.list().stream().filter(operation -> operation.name().equals(name)).findFirst().orElseThrow();
    }
}
