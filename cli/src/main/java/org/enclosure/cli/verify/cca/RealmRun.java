package org.enclosure.cli.verify.cca;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Numbers;
import tools.jackson.databind.JsonNode;

/// Entries into RECs: each REC has a queue of actions, which an entry performs until one makes the REC leave. An action that
/// is to be executed again stays first; one that a later entry completes is reported then.
final class RealmRun {
    private static final int IRQ = 1;
    private static final int DONE = 0;
    private static final int ABORTED = 1;
    private static final int EXIT_AGAIN = 2;
    private static final int PROTECTION_FAULT = 3;
    private static final int UNDEFINED = 4;
    private static final int EXIT_PENDING = 5;
    private static final int EXIT_DONE = 6;
    private static final int EMULATED = 7;
    private static final int COMPLETED = 8;
    private static final long NON_SECURE = 9;
    private static final List<String> REASONS = List.of("SYNC", "IRQ", "FIQ", "PSCI", "RIPAS_CHANGE", "HOST_CALL",
            "SERROR");

    private final CcaCalls calls;
    private final Map<Long, Deque<Action>> queues = new HashMap<>();

    RealmRun(CcaCalls calls) {
        this.calls = calls;
    }

    /// A step `rec_enter`: the host fills the run page, the REC runs, and exit record and actions are compared.
    void enter(Fields step) {
        List<Long> operands = CcaCalls.numbers(step, "rec_enter");
        if (operands.size() != 2) {
            throw CaseFailure.unknown("rec_enter with " + operands.size() + " operands");
        }
        Fields enter = step.fields("enter");
        Invocation page = calls.call("PARAMS.RUN").in("flags", enter.number("flags", 0));
        CcaCalls.numbered(page, "gpr", enter.has("gprs") ? CcaCalls.numbers(enter, "gprs") : List.of());
        enter.nothingElse();
        calls.write(operands.get(1), page);
        for (JsonNode action : step.has("program") ? step.list("program") : List.<JsonNode>of()) {
            queue(operands.get(0)).add(Action.of(action));
        }
        List<Result> results = new ArrayList<>();
        long x0 = perform(operands.get(0), operands.get(1), results);
        Fields out = step.fields("out");
        Scenario.same("rec_enter", "x0", out.number("x0"), x0);
        if (out.has("exit")) {
            exit(out.fields("exit"), operands.get(1));
        }
        if (out.has("realm")) {
            Result.compare(out.list("realm"), results);
        }
        out.nothingElse();
    }

    /// RMI_REC_ENTER as a plain SMC: the run page is as it is.
    long[] plainEnter(List<Long> arguments) {
        if (arguments.size() != 2) {
            throw CaseFailure.unknown("RMI_REC_ENTER with " + arguments.size() + " operands");
        }
        return new long[] {perform(arguments.get(0), arguments.get(1), new ArrayList<>())};
    }

    private Deque<Action> queue(long rec) {
        return queues.computeIfAbsent(rec, none -> new ArrayDeque<>());
    }

    private long perform(long rec, long run, List<Result> results) {
        Invocation enter = calls.call("REC.ENTER").in("rec", rec).in("run", run);
        long x0 = enter.invoke();
        if (x0 != 0 || enter.out("running") == 0) {
            return x0;
        }
        Deque<Action> queue = queue(rec);
        completed(enter, queue, results);
        boolean runs = true;
        while (runs && !queue.isEmpty()) {
            runs = act(rec, queue, results);
        }
        return calls.call("REC.LEAVE").in("rec", rec).in("reason", IRQ).invoke();
    }

    private static void completed(Invocation enter, Deque<Action> queue, List<Result> results) {
        int event = (int) enter.out("event");
        if (event == DONE) {
            return;
        }
        Action action = queue.pollFirst();
        if (action == null) {
            throw new CaseFailure("rec_enter completed an action that was never started");
        }
        results.add(switch (event) {
            case EMULATED -> new Result(action).with("emulated", enter.out("value"));
            case ABORTED -> new Result(action).with("sea", enter.out("esr")).with("far", enter.out("far"))
                    .with("by", "host");
            case COMPLETED -> new Result(action).with("x",
                    List.of(enter.out("x0"), enter.out("x1"), enter.out("x2")));
            default -> throw new CaseFailure("rec_enter event " + event);
        });
    }

    /// Performs the first action of the queue; false if the REC leaves.
    private boolean act(long rec, Deque<Action> queue, List<Result> results) {
        Action action = queue.getFirst();
        Result result = new Result(action);
        int outcome = switch (action.kind()) {
            case "ld" -> access(calls.call("REALM.LD").in("rec", rec).in("ipa", action.number(0)), result, true);
            case "st" -> access(calls.call("REALM.ST").in("rec", rec).in("ipa", action.number(0))
                    .in("value", action.number(1)), result, true);
            case "if" -> access(calls.call("REALM.IF").in("rec", rec).in("ipa", action.number(0)), result, false);
            case "rsi" -> rsi(rec, action, result);
            case "hvc" -> (int) calls.call("REALM.HVC").in("rec", rec).invoke();
            case "wfi" -> (int) calls.call("REALM.WFI").in("rec", rec).invoke();
            case "other_pe" -> otherProcessor(action, result);
            default -> throw CaseFailure.unknown(action.kind());
        };
        if (outcome == EXIT_AGAIN || outcome == EXIT_PENDING) {
            return false;
        }
        queue.removeFirst();
        if (outcome == EXIT_DONE) {
            return false;
        }
        if (outcome == UNDEFINED) {
            result.with("undef", "true");
        }
        results.add(result);
        return true;
    }

    private static int access(Invocation call, Result result, boolean hasValue) {
        int outcome = (int) call.invoke();
        if (outcome == DONE) {
            result.with("pas", call.out("pas") == NON_SECURE ? "ns" : "realm");
            result.with("ok", hasValue ? call.out("value") : 0);
        } else if (outcome == ABORTED) {
            result.with("sea", call.out("esr")).with("far", call.out("far")).with("by", "rmm");
        } else if (outcome == PROTECTION_FAULT) {
            result.with("fault", "GPF");
        }
        return outcome;
    }

    private int rsi(long rec, Action action, Result result) {
        List<Long> x = new ArrayList<>();
        int outcome = (int) calls.realmSmc(rec, action.name(), action.numbers(), x);
        result.with("x", x);
        return outcome;
    }

    private int otherProcessor(Action action, Result result) {
        List<Long> x = new ArrayList<>();
        boolean isEnter = action.name().equals("RMI_REC_ENTER");
        for (long register : isEnter ? plainEnter(action.numbers()) : calls.smc(action.name(), action.numbers())) {
            x.add(register);
        }
        result.with("x", x);
        return DONE;
    }

    private void exit(Fields expected, long run) {
        Invocation exit = calls.call("STATE.EXIT").in("run", run);
        exit.invoke();
        for (String name : expected.names()) {
            switch (name) {
                case "reason" -> {
                    long reason = exit.out("reason");
                    String actual = reason >= 0 && reason < REASONS.size() ? REASONS.get((int) reason) : "" + reason;
                    if (!expected.text(name).equals(actual)) {
                        throw CaseFailure.difference("rec_enter", "exit reason", expected.text(name), actual);
                    }
                }
                case "gprs" -> {
                    List<Long> gprs = CcaCalls.numbers(expected, name);
                    for (int i = 0; i < gprs.size(); i++) {
                        Scenario.same("rec_enter", "exit gprs[" + i + "]", gprs.get(i), exit.out("gpr" + i));
                    }
                }
                default -> Scenario.same("rec_enter", "exit " + name, expected.number(name), exit.out(name));
            }
        }
    }

    /// One action of a program.
    ///
    /// @param kind what it is
    /// @param name the function or command, where there is one
    /// @param operands the rest
    record Action(String kind, String name, List<JsonNode> operands) {
        static Action of(JsonNode node) {
            if (!node.isArray() || node.isEmpty() || !node.get(0).isString()) {
                throw CaseFailure.unknown("action " + node);
            }
            List<JsonNode> operands = new ArrayList<>();
            node.forEach(operands::add);
            String kind = operands.removeFirst().stringValue();
            boolean hasName = kind.equals("rsi") || kind.equals("other_pe");
            if (hasName && operands.isEmpty()) {
                throw CaseFailure.unknown("action " + node);
            }
            return new Action(kind, hasName ? operands.removeFirst().asString() : "", operands);
        }

        long number(int index) {
            if (index >= operands.size()) {
                throw new CaseFailure(kind + " has too few operands");
            }
            return Numbers.parse(kind, operands.get(index));
        }

        List<Long> numbers() {
            return CcaCalls.numbers(kind, operands);
        }
    }
}
