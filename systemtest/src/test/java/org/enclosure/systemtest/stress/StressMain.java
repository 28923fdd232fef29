package org.enclosure.systemtest.stress;

import java.util.Arrays;
import java.util.List;

import org.enclosure.core.mem.AccessOrder;

/// The stress as a program, because the order of accesses is chosen once per process.
///
/// Arguments: seed, milliseconds per scenario, vCPUs, whether the first finding ends it, scenarios (all if none is named). Exit code 0 if
/// nothing was found, 1 if something was; any other code says that the stress itself went wrong.
final class StressMain {
    /// Exit code: nothing found.
    static final int CLEAN = 0;
    /// Exit code: stale accesses or bad leaves were found.
    static final int FOUND = 1;
    /// Exit code: a thread hangs, or the run did too little to show anything.
    static final int UNUSABLE = 3;

    private StressMain() {
    }

    public static void main(String[] args) {
        long seed = Long.parseLong(args[0]);
        long millis = Long.parseLong(args[1]);
        int vcpus = Integer.parseInt(args[2]);
        boolean stopsAtFirst = Boolean.parseBoolean(args[3]);
        List<Scenario> scenarios = args.length == 4 ? List.of(Scenario.values())
                : Arrays.stream(args).skip(4).map(Scenario::valueOf).toList();
        System.out.println(AccessOrder.describe());
        int code = CLEAN;
        for (Scenario scenario : scenarios) {
            Findings findings = new Findings(stopsAtFirst);
            code = Math.max(code, run(new StressRun(scenario, vcpus, findings), findings, seed, millis));
            if (code == UNUSABLE || code == FOUND && stopsAtFirst) {
                break;
            }
        }
        Runtime.getRuntime().halt(code);
    }

    private static int run(StressRun run, Findings findings, long seed, long millis) {
        try {
            String done = run.run(seed, millis);
            System.out.println(done);
            findings.sentences().forEach(System.out::println);
            return findings.isEmpty() ? done.startsWith("TOO LITTLE") ? UNUSABLE : CLEAN : FOUND;
        } catch (InterruptedException | RuntimeException | Error e) {
            e.printStackTrace(System.out);
            findings.sentences().forEach(System.out::println);
            // An engine that was found to be wrong may well break down at its end.
            return findings.isEmpty() ? UNUSABLE : FOUND;
        }
    }
}
