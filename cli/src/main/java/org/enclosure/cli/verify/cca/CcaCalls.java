package org.enclosure.cli.verify.cca;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Numbers;
import org.enclosure.cli.verify.Operations;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Operation.Field;
import tools.jackson.databind.JsonNode;

/// The plugin's operations as steps call them: operands and results by position.
final class CcaCalls {
    private final Operations operations;

    CcaCalls(ArchOperations operations) {
        this.operations = new Operations(operations);
    }

    /// A call of an operation by its name.
    Invocation call(String name) {
        return operations.call(name);
    }

    /// An SMC of the host: by name, or any by its number.
    ///
    /// @return x0 and the result registers
    long[] smc(String command, List<Long> arguments) {
        boolean isNamed = operations.has(command);
        Invocation call = operations.call(isNamed ? command : number(command, "SMC"));
        List<Long> operands = new ArrayList<>(arguments);
        if (!isNamed) {
            operands.addFirst(Numbers.parse("smc", command));
        }
        return positional(call, operands);
    }

    /// An SMC of a running REC: by name, or any by its number.
    ///
    /// @param results x0 and the other result registers
    /// @return the outcome
    long realmSmc(long rec, String function, List<Long> arguments, List<Long> results) {
        boolean isNamed = operations.has(function);
        Invocation call = operations.call(isNamed ? function : number(function, "REALM.RSI"));
        List<Long> operands = new ArrayList<>(arguments);
        if (!isNamed) {
            operands.addFirst(Numbers.parse("rsi", function));
        }
        operands.addFirst(rec);
        long[] x = positional(call, operands);
        for (int i = 1; i < x.length; i++) {
            results.add(x[i]);
        }
        return x[0];
    }

    /// Lays a page out with the plugin's encoder and writes it as the host: whether the write got through.
    boolean write(long pa, Invocation encoder) {
        encoder.invoke();
        return call("HOST.WRITE").in("addr", pa).in("bytes", encoder.outBytes("bytes")).invoke() == 0;
    }

    /// The page of realm parameters that fields describe.
    Invocation realmParams(Fields fields) {
        Invocation page = call("PARAMS.REALM");
        for (String name : fields.names()) {
            switch (name) {
                case "algorithm", "hash_algo", "hash" -> page.in("hash", fields.number(name));
                case "rpv", "rpv_hex" -> page.in("rpv", fields.bytes(name));
                default -> page.in(name, fields.number(name));
            }
        }
        return page;
    }

    /// The page of REC parameters that fields describe.
    Invocation recParams(Fields fields) {
        Invocation page = call("PARAMS.REC");
        for (String name : fields.names()) {
            switch (name) {
                case "gprs" -> numbered(page, "gpr", numbers(fields, name));
                case "aux" -> numbered(page, "aux", numbers(fields, name));
                default -> page.in(name, fields.number(name));
            }
        }
        return page;
    }

    /// Sets `prefix0`, `prefix1`, ... from a list.
    static void numbered(Invocation call, String prefix, List<Long> values) {
        for (int i = 0; i < values.size(); i++) {
            call.in(prefix + i, values.get(i));
        }
    }

    /// The numbers of a list.
    static List<Long> numbers(Fields fields, String name) {
        return numbers(name, fields.list(name));
    }

    /// The numbers of a list.
    static List<Long> numbers(String name, List<JsonNode> nodes) {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode node : nodes) {
            numbers.add(Numbers.parse(name, node));
        }
        return numbers;
    }

    private static long[] positional(Invocation call, List<Long> operands) {
        List<Field> names = call.operation().in();
        if (operands.size() > names.size()) {
            throw CaseFailure.unknown(call.operation().name() + " operand " + operands.size());
        }
        for (int i = 0; i < operands.size(); i++) {
            call.in(names.get(i).name(), operands.get(i));
        }
        List<Field> outputs = call.operation().out();
        long[] x = new long[1 + outputs.size()];
        x[0] = call.invoke();
        for (int i = 0; i < outputs.size(); i++) {
            x[1 + i] = call.out(outputs.get(i).name());
        }
        return x;
    }

    /// The operation for a command that is a number.
    private static String number(String command, String operation) {
        try {
            Numbers.parse("command", command);
            return operation;
        } catch (CaseFailure notANumber) {
            throw CaseFailure.unknown(command);
        }
    }
}
