package org.enclosure.software;

import static org.enclosure.api.Errno.EAGAIN;
import static org.enclosure.api.Errno.EFAULT;
import static org.enclosure.api.Errno.EINVAL;
import static org.enclosure.api.Errno.EPERM;
import static org.enclosure.spi.Operation.Effect.CHANGES;
import static org.enclosure.spi.Operation.Effect.READS;
import static org.enclosure.spi.Operation.Effect.TEST;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.enclosure.api.Errno;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Operation;
import org.enclosure.spi.Operation.Effect;
import org.enclosure.spi.Operation.Field;
import org.enclosure.spi.Operation.StatusName;
import org.enclosure.spi.OperationCall;

/// The table of operations, a line each.
final class SoftwareOperations implements ArchOperations {
    private static final Field PA = new Field("pa", 64, "host physical address");
    private static final Field PAGES = new Field("pages", 64, "number of 4K frames from pa");
    private static final Field OWNER = new Field("owner", 31,
            "number of a VM, from 1 in the order of creation; 0 is nobody");
    private static final Field VALUE = new Field("value", 64, "8 bytes, little-endian");
    private static final Field RELEASED = new Field("released", 64, "how many of the frames were the owner's");

    private final Map<String, Line> table = new LinkedHashMap<>();

    /// One line: what is listed, and what it calls.
    private record Line(Operation operation, ToLongFunction<OperationCall> body) {
    }

    SoftwareOperations(SoftwareMachine machine) {
        add("FRAME.CLAIM", CHANGES, List.of(PA, PAGES, OWNER), List.of(), statuses(EPERM, EAGAIN, EINVAL),
                machine::claim);
        add("FRAME.RELEASE", CHANGES, List.of(PA, PAGES, OWNER), List.of(RELEASED), statuses(EINVAL), machine::release);
        add("FRAME.STATE", READS, List.of(PA), List.of(OWNER), statuses(EINVAL), machine::state);
        add("FRAME.SET_PRIVATE", TEST, List.of(PA, OWNER), List.of(), statuses(EINVAL), machine::setPrivate);
        add("HOST.READ64", READS, List.of(PA), List.of(VALUE), statuses(EFAULT, EINVAL), machine::read64);
        add("HOST.WRITE64", CHANGES, List.of(PA, VALUE), List.of(), statuses(EFAULT, EINVAL), machine::write64);
    }

    @Override
    public List<Operation> list() {
        return table.values().stream().map(Line::operation).toList();
    }

    @Override
    public long invoke(Operation operation, OperationCall call) {
        Line line = table.get(operation.name());
        if (line == null || !line.operation.equals(operation)) {
            throw new IllegalArgumentException(
                    "operation " + operation.name() + " is not one of the software platform's");
        }
        return line.body.applyAsLong(call);
    }

    private void add(String name, Effect effect, List<Field> in, List<Field> out, List<StatusName> statuses,
            ToLongFunction<OperationCall> body) {
        table.put(name, new Line(new Operation(name, -1, effect, in, out, statuses, "org.enclosure.software"), body));
    }

    private static List<StatusName> statuses(Errno... errors) {
        List<StatusName> names = new ArrayList<>(List.of(new StatusName("SUCCESS", 0)));
        for (Errno error : errors) {
            names.add(new StatusName(error.name(), -error.number()));
        }
        return names;
    }
}
