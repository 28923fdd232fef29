package org.enclosure.cli.verify;

import java.util.List;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Operation;
import org.enclosure.spi.Operation.Field;
import org.enclosure.spi.OperationCall;

/// One call of an operation: operands by name, then [#invoke()], then outputs by name. May be invoked again.
public final class Invocation {
    private final ArchOperations operations;
    private final Operation operation;
    private final OperationCall call;

    Invocation(ArchOperations operations, Operation operation) {
        this.operations = operations;
        this.operation = operation;
        call = new OperationCall(operation);
    }

    /// The operation.
    public Operation operation() {
        return operation;
    }

    /// Whether it has an operand of this name.
    public boolean takes(String name) {
        return find(operation.in(), name) >= 0;
    }

    /// Sets an operand.
    ///
    /// @throws CaseFailure if there is none of this name, it is bytes, or the value is too wide for it
    public Invocation in(String name, long value) {
        int index = index(operation.in(), name);
        int bits = operation.in().get(index).bits();
        if (bits == 0 || bits < 64 && value >>> bits != 0) {
            throw new CaseFailure(operation.name() + " " + name + " 0x" + Long.toHexString(value) + " does not fit: "
                    + (bits == 0 ? "it is bytes" : "it has " + bits + " bits"));
        }
        call.in(index, value);
        return this;
    }

    /// Sets an operand that is bytes.
    ///
    /// @throws CaseFailure if there is none of this name, or it is a number
    public Invocation in(String name, byte[] value) {
        int index = index(operation.in(), name);
        if (operation.in().get(index).bits() != 0) {
            throw new CaseFailure(operation.name() + " " + name + " is a number, not bytes");
        }
        call.inBytes(index, value);
        return this;
    }

    /// Executes it.
    ///
    /// @return the architecture's own status value
    /// @throws CaseFailure if the plugin refuses the operands
    public long invoke() {
        try {
            return operations.invoke(operation, call);
        } catch (IllegalArgumentException e) {
            throw new CaseFailure(operation.name() + " refused: " + e.getMessage());
        }
    }

    /// Output of that name.
    ///
    /// @throws CaseFailure if there is none
    public long out(String name) {
        return call.out(index(operation.out(), name));
    }

    /// Output of that name that is bytes.
    ///
    /// @throws CaseFailure if there is none
    public byte[] outBytes(String name) {
        return call.outBytes(index(operation.out(), name));
    }

    private int index(List<Field> fields, String name) {
        int index = find(fields, name);
        if (index < 0) {
            throw CaseFailure.unknown(operation.name() + " " + name);
        }
        return index;
    }

    private static int find(List<Field> fields, String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
