package org.enclosure.cli.verify.tdx;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Operations;

/// A status word and its parts.
final class StatusCase {
    private StatusCase() {
    }

    static void run(Fields fields, BareMachine machine) {
        Invocation decode = new Operations(machine.operations()).call("STATUS.DECODE").in("value",
                fields.number("value"));
        decode.invoke();
        for (String name : fields.names()) {
            if (!name.equals("value") && !Fields.DESCRIBING.contains(name)) {
                long expected = fields.node(name).isBoolean() ? fields.flag(name) ? 1 : 0 : fields.number(name);
                Differences.check("", name, expected, decode.out(name));
            }
        }
    }
}
