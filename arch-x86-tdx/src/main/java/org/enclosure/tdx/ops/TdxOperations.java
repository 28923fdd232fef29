package org.enclosure.tdx.ops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.tdx.machine.TdxModule;

/// The operations of one machine. Operands and outputs of a leaf are its registers; the status is RAX. Invoked by one thread at a
/// time.
public final class TdxOperations implements ArchOperations {
    private final Map<String, Line> table = new LinkedHashMap<>();

    /// Builds the table of a machine.
    public TdxOperations(TdxModule module) {
        List<Line> lines = new ArrayList<>();
        lines.addAll(new SeamcallLines(module).lines());
        lines.addAll(new GuestLines(module).lines());
        lines.addAll(new EnvironmentLines(module).lines());
        lines.addAll(new CodecLines().lines());
        for (Line line : lines) {
            table.put(line.operation().name(), line);
        }
    }

    @Override
    public List<Operation> list() {
        return table.values().stream().map(Line::operation).toList();
    }

    @Override
    public long invoke(Operation operation, OperationCall call) {
        Line line = table.get(operation.name());
        if (line == null || !line.operation().equals(operation)) {
            throw new IllegalArgumentException("operation " + operation.name() + " is not one of this platform");
        }
        return line.body().applyAsLong(call);
    }
}
