package org.enclosure.cli.verify;

import java.util.HashMap;
import java.util.Map;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Operation;

/// A platform's operations by name.
public final class Operations {
    private final ArchOperations operations;
    private final Map<String, Operation> byName = new HashMap<>();

    /// The operations of a platform.
    public Operations(ArchOperations operations) {
        this.operations = operations;
        for (Operation operation : operations.list()) {
            byName.put(operation.name(), operation);
        }
    }

    /// Whether there is an operation of this name.
    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /// A call of an operation, all operands 0.
    ///
    /// @throws CaseFailure if there is no such operation
    public Invocation call(String name) {
        Operation operation = byName.get(name);
        if (operation == null) {
            throw CaseFailure.unknown(name);
        }
        return new Invocation(operations, operation);
    }
}
