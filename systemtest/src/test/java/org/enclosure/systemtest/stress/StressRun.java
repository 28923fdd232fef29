package org.enclosure.systemtest.stress;

import java.util.ArrayList;
import java.util.List;

/// One scenario under stress for some time.
final class StressRun {
    private static final long JOIN_MILLIS = 30_000;
    /// Each thing that is done has to be done so often, or the run has shown nothing.
    private static final long ENOUGH = 50;
    /// On a machine that is busy with other things a run goes on until it has done enough, but not for ever.
    private static final long MAX_MILLIS = 60_000;

    private final Scenario scenario;
    private final int vcpus;
    private final Findings findings;
    private final List<GuestLoad> guests = new ArrayList<>();
    private final List<HostLoad> hosts = new ArrayList<>();

    StressRun(Scenario scenario, int vcpus, Findings findings) {
        this.scenario = scenario;
        this.vcpus = vcpus;
        this.findings = findings;
    }

    /// Runs.
    ///
    /// @return what was done, in a line
    String run(long seed, long millis) throws InterruptedException {
        try (StressMachine machine = new StressMachine(scenario, vcpus)) {
            Oracle oracle = new Oracle(machine, findings, new Dice(seed, 0));
            machine.watch(oracle);
            for (int i = 0; i < vcpus; i++) {
                guests.add(new GuestLoad(machine, i, findings, new Dice(seed, 1 + i)));
            }
            hosts.add(new HostLoad(machine, oracle, findings, new Dice(seed, 1 + vcpus)));
            work(oracle, millis);
            String done = describe(oracle);
            return isEnough(oracle) || !findings.isEmpty() ? done : "TOO LITTLE " + done;
        }
    }

    private void work(Oracle oracle, long millis) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        guests.forEach(guest -> threads.add(Thread.ofPlatform().name("guest").daemon().start(guest)));
        hosts.forEach(host -> threads.add(Thread.ofPlatform().name("host").daemon().start(host)));
        long start = System.nanoTime();
        long worked = 0;
        while (!findings.isStopping() && (worked < millis || worked < MAX_MILLIS && !isEnough(oracle))) {
            Thread.sleep(10);
            worked = (System.nanoTime() - start) / 1_000_000;
        }
        findings.stop();
        for (Thread thread : threads) {
            thread.join(JOIN_MILLIS);
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " hangs at " + List.of(thread.getStackTrace()));
            }
        }
    }

    private boolean isEnough(Oracle oracle) {
        return accesses() > ENOUGH && oracle.poisoned() > ENOUGH && oracle.audited() > ENOUGH
                && hosts.stream().allMatch(
                        host -> host.conversions() > ENOUGH && host.punches() > ENOUGH && host.takes() > ENOUGH);
    }

    private long accesses() {
        return guests.stream().mapToLong(GuestLoad::accesses).sum();
    }

    private String describe(Oracle oracle) {
        return scenario + " accesses=" + accesses() + " refusals="
                + guests.stream().mapToLong(GuestLoad::refusals).sum()
                + " conversions=" + hosts.stream().mapToLong(HostLoad::conversions).sum()
                + " punches=" + hosts.stream().mapToLong(HostLoad::punches).sum()
                + " takes=" + hosts.stream().mapToLong(HostLoad::takes).sum()
                + " poisoned=" + oracle.poisoned() + " audited=" + oracle.audited() + " findings=" + findings;
    }
}
