package org.enclosure.tck.parity;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;

import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.tck.plugin.MachineCall;
import org.enclosure.tck.plugin.MachineTable;
import org.jspecify.annotations.Nullable;

/// The machine operations of a run under the engine, in their order, with images of the tables in between.
final class Recording implements Recorder.Sink {
    /// A step: an operation, or a point at which the tables have to be equal.
    sealed interface Step {
    }

    /// One operation.
    ///
    /// @param call the call of the machine's method
    /// @param operation which operation that is
    /// @param operands its operands
    /// @param pages what they point to
    /// @param outputs what the method left in fields that are called like the operation's outputs
    /// @param status the operation's status for what the method answers
    record Invocation(MachineCall call, Operation operation, OperationCall operands, HostPages pages,
            Map<String, Long> outputs, LongUnaryOperator status) implements Step {
    }

    /// A point at which the tables have to be equal.
    record Checkpoint(TableImage image) implements Step {
    }

    private final MachineTable table;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Long, long[]> knownPages = new HashMap<>();
    private @Nullable Platform platform;
    private @Nullable PhysicalMemory memory;
    private @Nullable Operations operations;
    private @Nullable Invocation begun;

    Recording(MachineTable table) {
        this.table = table;
    }

    /// From now on operations can come: the machine is open.
    void startOn(Platform opened, PhysicalMemory of) {
        platform = opened;
        memory = of;
        operations = new Operations(opened.operations());
    }

    @Override
    public void before(MachineCall call) {
        MachineTable.Line line = line(call);
        Operation operation = started(operations).get(line.operation().apply(call));
        OperationCall operands = new OperationCall(operation);
        try {
            line.operands().set(call, operands);
        } catch (IndexOutOfBoundsException e) {
            throw new AssertionError("the numbers of " + call + " are not the operands of " + operation.name(), e);
        }
        HostPages pages = new HostPages(started(platform), started(memory), operation, operands);
        pages.shareWith(knownPages);
        begun = new Invocation(call, operation, operands, pages, new TreeMap<>(), line.status());
    }

    private MachineTable.Line line(MachineCall call) {
        MachineTable.Line line = table.lines().get(call.method());
        if (line == null) {
            throw new AssertionError("no line of the table is about " + call);
        }
        return line;
    }

    @Override
    public void after(MachineCall call) {
        Invocation done = started(begun);
        done.outputs().putAll(outputs(call, done.operation()));
        steps.add(done);
        begun = null;
    }

    /// What a method left in fields that are called like the outputs of an operation.
    static Map<String, Long> outputs(MachineCall call, Operation operation) {
        Map<String, Long> found = new TreeMap<>();
        for (Operation.Field output : operation.out()) {
            Long value = output.bits() == 0 ? null : call.fieldOrNull(output.name());
            if (value != null) {
                found.put(output.name(), value);
            }
        }
        return found;
    }

    /// Takes an image of the tables.
    void checkpoint(int frames, BitSet guestPages) {
        Recorder.silently(() -> steps.add(new Checkpoint(
                new TableImage(started(platform), started(memory), table, frames, guestPages))));
    }

    List<Step> steps() {
        return steps;
    }

    /// How often each operation was recorded.
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Step step : steps) {
            if (step instanceof Invocation one) {
                counts.merge(one.operation().name(), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new AssertionError("the machine is called before it is open, or answers what was not asked");
        }
        return part;
    }
}
