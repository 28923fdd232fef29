package org.enclosure.modelcheck;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.enclosure.modelcheck.ProtocolTrace.Step;

/// Traces as the TLA+ module that `InvalidateTrace` reads: all different steps once, and each trace as a list of their numbers.
final class TraceModule {
    private static final Pattern TAKEN = Pattern.compile("<<\"taken\", (\\d+)>>");

    private final List<ProtocolTrace> traces;

    TraceModule(List<ProtocolTrace> traces) {
        this.traces = List.copyOf(traces);
    }

    /// The module's text.
    String text() {
        Map<Step, Integer> numbers = new LinkedHashMap<>();
        List<String> lists = new ArrayList<>();
        for (ProtocolTrace trace : traces) {
            lists.add(trace.steps().stream()
                    .map(step -> String.valueOf(numbers.computeIfAbsent(step, s -> numbers.size() + 1)))
                    .collect(Collectors.joining(",", "<<", ">>")));
        }
        return "---- MODULE Traces ----\nEXTENDS Integers\nEvents == <<\n"
                + numbers.keySet().stream().map(TraceModule::text).collect(Collectors.joining(",\n"))
                + ">>\nTraces == <<\n"
                + String.join(",\n", lists) + ">>\n====\n";
    }

    private static String text(Step step) {
        return "[action |-> \"" + step.action() + "\", vcpu |-> " + step.vcpu() + ", pages |-> "
                + LongStream.range(step.first(), step.end()).mapToObj(String::valueOf)
                        .collect(Collectors.joining(",", "{", "}"))
                + "]";
    }

    /// Which traces TLC has not taken to their end, from its output.
    List<ProtocolTrace> refused(String output) {
        TreeSet<Integer> taken = new TreeSet<>();
        Matcher matcher = TAKEN.matcher(output);
        while (matcher.find()) {
            taken.add(Integer.parseInt(matcher.group(1)));
        }
        List<ProtocolTrace> refused = new ArrayList<>();
        for (int i = 0; i < traces.size(); i++) {
            if (!taken.contains(i + 1)) {
                refused.add(traces.get(i));
            }
        }
        return refused;
    }
}
