package org.enclosure.tck.parity;

import java.util.HashMap;
import java.util.Map;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Operation;

/// The operations of a machine by name.
final class Operations {
    private final Map<String, Operation> byName = new HashMap<>();

    Operations(ArchOperations operations) {
        operations.list().forEach(one -> byName.put(one.name(), one));
    }

    /// @throws AssertionError if there is none of this name
    Operation get(String name) {
        Operation operation = byName.get(name);
        if (operation == null) {
            throw new AssertionError("the table of machine methods names an operation that is not listed: " + name);
        }
        return operation;
    }
}
