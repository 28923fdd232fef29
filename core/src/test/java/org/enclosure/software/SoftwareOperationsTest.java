package org.enclosure.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import java.util.List;

import org.enclosure.api.Access;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.Status;
import org.junit.jupiter.api.Test;

class SoftwareOperationsTest {
    private final Bare bare = new Bare();
    private final ArchOperations operations = bare.platform.operations();

    @Test
    void shouldListEachOperationOnce() {
        List<String> names = operations.list().stream().map(Operation::name).toList();
        assertEquals(List.of("FRAME.CLAIM", "FRAME.RELEASE", "FRAME.STATE", "FRAME.SET_PRIVATE", "HOST.READ64",
                "HOST.WRITE64"), names);
        assertEquals(names.size(), new HashSet<>(names).size());
    }

    @Test
    void shouldActOnTheSameRecordAsTheTables() {
        assertEquals(0, invoke("FRAME.CLAIM", 0x5000, 2, 9));
        assertEquals(Status.DENIED, Status.kind(bare.platform.hostAccess(6, Access.READ, new FaultDetail())));
        assertEquals(-1, invoke("FRAME.CLAIM", 0x6000, 1, 8));
        OperationCall state = call("FRAME.STATE", 0x5000);
        assertEquals(0, operations.invoke(operation("FRAME.STATE"), state));
        assertEquals(9, state.out(0));
        assertEquals(0, invoke("FRAME.SET_PRIVATE", 0x5000, 0));
        OperationCall release = call("FRAME.RELEASE", 0x5000, 2, 9);
        assertEquals(0, operations.invoke(operation("FRAME.RELEASE"), release));
        assertEquals(1, release.out(0));
    }

    @Test
    void shouldGiveTheHostNoPrivateWord() {
        assertEquals(0, invoke("HOST.WRITE64", 0x5008, 42));
        OperationCall read = call("HOST.READ64", 0x5008);
        assertEquals(0, operations.invoke(operation("HOST.READ64"), read));
        assertEquals(42, read.out(0));
        invoke("FRAME.SET_PRIVATE", 0x5000, 1);
        OperationCall refused = call("HOST.READ64", 0x5008);
        assertEquals(-14, operations.invoke(operation("HOST.READ64"), refused));
        assertEquals(0, refused.out(0));
        assertEquals(-14, invoke("HOST.WRITE64", 0x5008, 1));
        assertEquals(42, bare.memory.getLong(0x5008));
    }

    @Test
    void shouldRefuseOperandsThatNameNothing() {
        long end = Bare.FRAMES << 12;
        assertEquals(-22, invoke("FRAME.CLAIM", 0x5001, 1, 1));
        assertEquals(-22, invoke("FRAME.CLAIM", 0x5000, 0, 1));
        assertEquals(-22, invoke("FRAME.CLAIM", 0x5000, Bare.FRAMES, 1));
        assertEquals(-22, invoke("FRAME.CLAIM", 0x5000, 1, 0));
        assertEquals(-22, invoke("FRAME.CLAIM", 0x5000, 1, 1L << 31));
        assertEquals(-22, invoke("FRAME.SET_PRIVATE", 0x5000, -1));
        assertEquals(-22, invoke("FRAME.STATE", end));
        assertEquals(-22, invoke("HOST.READ64", end));
        assertEquals(-22, invoke("HOST.READ64", -8));
        assertEquals(-22, invoke("HOST.WRITE64", 4, 1));
    }

    @Test
    void shouldInvokeNothingThatIsNotListed() {
        Operation alien = new Operation("FRAME.EAT", -1, Operation.Effect.TEST, List.of(), List.of(), List.of(),
                "nowhere");
        assertFalse(operations.list().contains(alien));
        assertThrows(IllegalArgumentException.class, () -> operations.invoke(alien, new OperationCall(alien)));
    }

    private long invoke(String name, long... operands) {
        return operations.invoke(operation(name), call(name, operands));
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
