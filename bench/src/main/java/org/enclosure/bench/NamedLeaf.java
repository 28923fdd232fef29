package org.enclosure.bench;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;

/// One operation of a platform, to be called again and again; what it answers has to be success.
final class NamedLeaf {
    private final ArchOperations operations;
    private final Operation operation;
    private final OperationCall call;

    NamedLeaf(ArchOperations operations, String name) {
        this.operations = operations;
        operation = operations.list().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
        call = new OperationCall(operation);
    }

    /// Calls it with operands from the first on. What is measured calls the two below: an array of operands would be counted.
    void call(long... operands) {
        for (int index = 0; index < operands.length; index++) {
            call.in(index, operands[index]);
        }
        invoke();
    }

    /// Calls it with one operand.
    void call(long operand) {
        call.in(0, operand);
        invoke();
    }

    /// Calls it with two operands.
    void call(long first, long second) {
        call.in(0, first);
        call.in(1, second);
        invoke();
    }

    private void invoke() {
        long status = operations.invoke(operation, call);
        if (status != 0) {
            throw new BenchFailedException(operation.name() + " answered 0x" + Long.toHexString(status));
        }
    }
}
