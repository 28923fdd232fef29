package org.enclosure.snp.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Operation;
import org.enclosure.spi.Operation.Effect;
import org.enclosure.spi.Operation.Field;
import org.enclosure.spi.Operation.StatusName;
import org.enclosure.spi.OperationCall;

/// A table of operations: fields are declared once by name, then each operation is one line. Not thread-safe while it is filled.
public final class OperationTable implements ArchOperations {
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Map<String, Line> lines = new LinkedHashMap<>();

    /// One line: what is listed, and what it calls.
    private record Line(Operation operation, ToLongFunction<OperationCall> body) {
    }

    /// Creates an empty table.
    public OperationTable() {
    }

    /// Declares an operand or output that lines can name.
    ///
    /// @param bits width: 1 to 64, or 0 for bytes
    /// @throws IllegalArgumentException if the name is declared with another width or meaning
    public void field(String name, int bits, String meaning) {
        Field field = new Field(name, bits, meaning);
        Field old = fields.putIfAbsent(name, field);
        if (old != null && !old.equals(field)) {
            throw new IllegalArgumentException("field " + name + " is declared twice, differently");
        }
    }

    /// Adds a line.
    ///
    /// @param in names of declared fields, separated by single spaces; empty for none
    /// @param out as `in`
    /// @param source document and section that defines the operation
    /// @param body gets operands and sets outputs in the order of `in` and `out`, answers the status
    /// @throws IllegalArgumentException if a field is not declared or the name is taken
    public void add(String name, Effect effect, String in, String out, List<StatusName> statuses, String source,
            ToLongFunction<OperationCall> body) {
        Operation operation = new Operation(name, -1, effect, resolve(name, in), resolve(name, out), statuses, source);
        if (lines.putIfAbsent(name, new Line(operation, body)) != null) {
            throw new IllegalArgumentException("operation " + name + " is in the table twice");
        }
    }

    @Override
    public List<Operation> list() {
        return lines.values().stream().map(Line::operation).toList();
    }

    @Override
    public long invoke(Operation operation, OperationCall call) {
        Line line = lines.get(operation.name());
        if (line == null || !line.operation.equals(operation)) {
            throw new IllegalArgumentException("operation " + operation.name() + " is not one of this platform's");
        }
        return line.body.applyAsLong(call);
    }

    private List<Field> resolve(String operation, String names) {
        List<Field> found = new ArrayList<>();
        for (String name : names.isEmpty() ? new String[0] : names.split(" ", -1)) {
            Field field = fields.get(name);
            if (field == null) {
                throw new IllegalArgumentException("operation " + operation + ": no field '" + name + "'");
            }
            found.add(field);
        }
        return found;
    }
}
