package org.enclosure.tck.plugin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;

import org.enclosure.api.Paging;
import org.enclosure.spi.OperationCall;

/// Which method of a plugin's machine is which operation. Immutable; every method answers a table with one line more.
///
/// A method is named by the simple name of its class and its own, `TdLeaves.create`. Its package is the machine's or one below.
public final class MachineTable {
    /// The arguments that are numbers, in their order, are the operands.
    public static final Operands IN_ORDER = (from, to) -> {
        List<Long> numbers = from.numbers();
        for (int i = 0; i < numbers.size(); i++) {
            to.in(i, numbers.get(i));
        }
    };
    /// The first two arguments that are numbers are the operands.
    public static final Operands FIRST_TWO = (from, to) -> {
        to.in(0, from.number(0));
        to.in(1, from.number(1));
    };
    /// As [#IN_ORDER], but the first argument is a frame number where the operation takes an address.
    public static final Operands PFN_FIRST = (from, to) -> {
        IN_ORDER.set(from, to);
        to.in(0, from.number(0) << Paging.PAGE_SHIFT);
    };

    /// How the operands of an operation come from the arguments of a method.
    @FunctionalInterface
    public interface Operands {
        /// Sets the operands. Called before the method runs.
        void set(MachineCall from, OperationCall to);
    }

    /// One method that is an operation.
    ///
    /// @param method its name
    /// @param operation the operation's name, which may depend on the arguments
    /// @param operands how its operands come about
    /// @param status the operation's status for what the method answers
    public record Line(String method, Function<MachineCall, String> operation, Operands operands,
            LongUnaryOperator status) {
    }

    /// An operation that shows what the machine knows of a frame.
    ///
    /// @param operation its name; its one operand is the frame's address
    /// @param outputs which of its outputs are compared
    public record Inspection(String operation, List<String> outputs) {
    }

    private final String machine;
    private final Map<String, Line> lines;
    private final Set<String> apart;
    private final List<Inspection> inspections;

    private MachineTable(String machine, Map<String, Line> lines, Set<String> apart,
            List<Inspection> inspections) {
        this.machine = machine;
        this.lines = lines;
        this.apart = apart;
        this.inspections = inspections;
    }

    /// An empty table.
    ///
    /// @param machine package of the machine
    public static MachineTable of(String machine) {
        return new MachineTable(machine, Map.of(), Set.of(), List.of());
    }

    /// A method that is an operation, with the arguments that are numbers as its operands.
    public MachineTable operation(String method, String operation) {
        return operation(method, operation, IN_ORDER);
    }

    /// A method that is an operation.
    public MachineTable operation(String method, String operation, Operands operands) {
        return operation(method, call -> operation, operands);
    }

    /// A method that is one operation or another.
    public MachineTable operation(String method, Function<MachineCall, String> operation, Operands operands) {
        return operation(method, operation, operands, LongUnaryOperator.identity());
    }

    /// A method that is one operation or another, and whose answer is not the status as it is.
    public MachineTable operation(String method, Function<MachineCall, String> operation, Operands operands,
            LongUnaryOperator status) {
        Map<String, Line> next = new LinkedHashMap<>(lines);
        if (next.put(method, new Line(method, operation, operands, status)) != null) {
            throw new IllegalArgumentException("the table has two lines for " + method);
        }
        return new MachineTable(machine, next, apart, inspections);
    }

    /// A class or a method that keeps no state of the machine's tables, although it writes: a lock, a cache, a counter.
    ///
    /// @param name of the class, or class and method
    /// @param reason for whoever reads the table; not blank
    /// @throws IllegalArgumentException if no reason is given
    public MachineTable apart(String name, String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("say why " + name + " keeps no state of the machine's tables");
        }
        Set<String> next = new LinkedHashSet<>(apart);
        next.add(name);
        return new MachineTable(machine, lines, next, inspections);
    }

    /// An operation of one operand, the address of a frame, by which the host-wide tables are compared.
    ///
    /// @param outputs those that are compared; what depends on the bytes of guests is not
    public MachineTable inspection(String operation, String... outputs) {
        List<Inspection> next = new ArrayList<>(inspections);
        next.add(new Inspection(operation, List.of(outputs)));
        return new MachineTable(machine, lines, apart, next);
    }

    /// The machine's package.
    public String machine() {
        return machine;
    }

    /// The lines, by method.
    public Map<String, Line> lines() {
        return lines;
    }

    /// Whether a class or method is named as one that keeps no state.
    public boolean isApart(String type, String method) {
        return apart.contains(type) || apart.contains(type + "." + method);
    }

    /// What was named as keeping no state.
    public Set<String> apart() {
        return apart;
    }

    /// The operations that show what the machine knows of a frame.
    public List<Inspection> inspections() {
        return inspections;
    }
}
