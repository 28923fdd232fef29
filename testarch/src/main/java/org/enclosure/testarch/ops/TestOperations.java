package org.enclosure.testarch.ops;

import static org.enclosure.spi.Operation.Effect.CHANGES;
import static org.enclosure.spi.Operation.Effect.ENTERS;
import static org.enclosure.spi.Operation.Effect.READS;
import static org.enclosure.spi.Operation.Effect.TEST;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.enclosure.testarch.machine.Code;
import org.enclosure.testarch.machine.TestMachine;

/// The table of operations, a line each; the operands are checked in [CheckedMachine].
public final class TestOperations implements ArchOperations {
    private static final Map<String, Field> FIELDS = new LinkedHashMap<>();
    private static final List<StatusName> STATUSES = new ArrayList<>();

    private final Map<String, Line> table = new LinkedHashMap<>();

    static {
        field("pa", 64, "host physical address of a frame");
        field("control", 64, "host physical address of a VM's control page");
        field("gfn", 36, "guest page");
        field("level", 3, "1 = 4K, 2 = 2M; a table hangs below an entry of level 2, 3 or 4");
        field("pages", 64, "number of 4K frames from pa");
        field("owner", 20, "number of a VM, from 1 in the order of creation");
        field("flags", 64, "bits of the frame word or the entry");
        field("source", 64, "address of the content, pa to leave it, -1 for zeroes");
        field("content", 2, "what becomes of the bytes: 0 kept, 1 scrambled, 2 wiped");
        field("accepted", 1, "1 to accept, 0 to take that back");
        field("epoch", 32, "epoch of an entry into the guest");
        field("word", 64, "frame word");
        field("entry", 64, "stage-2 entry, with its level in 'level'");
        field("bytes", 64, "length, a multiple of 4K");
        field("value", 64, "8 bytes, little-endian");
        field("done", 64, "how many frames were the owner's");
        for (int code = 0; code < Code.NAMES.size(); code++) {
            STATUSES.add(new StatusName(Code.NAMES.get(code), code));
        }
    }

    /// One line: what is listed, and what it calls.
    private record Line(Operation operation, ToLongFunction<OperationCall> body) {
    }

    /// Builds the table of a machine.
    public TestOperations(TestMachine bare) {
        CheckedMachine machine = new CheckedMachine(bare);
        add("FRAME.ASSIGN", CHANGES, "pa pages gfn owner flags", "", machine::assign);
        add("FRAME.RELEASE", CHANGES, "pa pages owner content", "done", machine::release);
        add("FRAME.ACCEPT", CHANGES, "pa pages accepted", "", machine::accept);
        add("FRAME.SPLIT", CHANGES, "pa", "", machine::splitFrame);
        add("FRAME.FILL", CHANGES, "pa source bytes", "", machine::fill);
        add("FRAME.POISON", CHANGES, "pa word", "", machine::poison);
        add("FRAME.STATE", READS, "pa", "word", machine::state);
        add("VM.INIT", CHANGES, "control owner", "", machine::init);
        add("VM.CLOSE", CHANGES, "control", "", machine::close);
        add("VM.ENTER", ENTERS, "control", "epoch", machine::enter);
        add("VM.LEAVE", ENTERS, "control epoch", "", machine::leave);
        add("VM.FLUSH", CHANGES, "control", "", machine::flush);
        add("VM.KILL", CHANGES, "control", "", machine::kill);
        add("TABLE.ADD", CHANGES, "control gfn level pa", "", machine::addTable);
        add("TABLE.DROP", CHANGES, "control", "pa", machine::dropTable);
        add("LEAF.ADD", CHANGES, "control gfn level pa source flags", "", machine::addLeaf);
        add("LEAF.BLOCK", CHANGES, "control gfn", "", machine::block);
        add("LEAF.REMOVE", CHANGES, "control gfn", "", machine::removeLeaf);
        add("LEAF.SPLIT", CHANGES, "control gfn pa", "", machine::splitLeaf);
        add("LEAF.MERGE", CHANGES, "control gfn", "", machine::mergeLeaves);
        add("LEAF.STATE", READS, "control gfn", "entry level", machine::leaf);
        add("HOST.READ64", READS, "pa", "value", machine::read64);
        add("TEST.SET_FRAME", TEST, "pa word", "", machine::setFrame);
    }

    @Override
    public List<Operation> list() {
        return table.values().stream().map(Line::operation).toList();
    }

    @Override
    public long invoke(Operation operation, OperationCall call) {
        Line line = table.get(operation.name());
        if (line == null || !line.operation.equals(operation)) {
            throw new IllegalArgumentException("operation " + operation.name() + " is not one of the test platform's");
        }
        return line.body.applyAsLong(call);
    }

    private void add(String name, Effect effect, String in, String out, ToLongFunction<OperationCall> body) {
        Operation operation = new Operation(name, table.size(), effect, fields(in), fields(out), STATUSES,
                "org.enclosure.testarch.machine");
        table.put(name, new Line(operation, body));
    }

    private static void field(String name, int bits, String meaning) {
        FIELDS.put(name, new Field(name, bits, meaning));
    }

    private static List<Field> fields(String names) {
        return names.isEmpty() ? List.of() : Arrays.stream(names.split(" ", -1)).map(TestOperations::named).toList();
    }

    private static Field named(String name) {
        Field field = FIELDS.get(name);
        if (field == null) {
            throw new AssertionError("there is no field '" + name + "'; there are " + FIELDS.keySet());
        }
        return field;
    }
}
