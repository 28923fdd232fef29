package org.enclosure.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.enclosure.api.vm.ConversionStats;
import org.enclosure.api.vm.LaunchReport;
import org.enclosure.api.vm.VmStats;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.examples.attack.Attack;
import org.enclosure.examples.attack.AttackCatalog;
import org.enclosure.examples.attack.AttackScene;
import org.enclosure.examples.attack.ExpectedOutcomes;
import org.enclosure.examples.guest.EchoClient;
import org.enclosure.examples.machine.Machine;
import org.enclosure.examples.machine.MachineConfig;
import org.jspecify.annotations.Nullable;

/// The run on one VM type: a machine of its own, all stages, and the report. Used once.
final class ArchitectureRun {
    private static final double NANOS_PER_SECOND = 1e9;

    private final GuestMemorySystem system;
    private final Subject subject;
    private final MachineConfig config;
    private final RunOptions options;
    private final GuestImage image;
    private final RunParts parts;
    private final Failures failures = new Failures();
    private final List<AttackReport> attacks = new ArrayList<>();
    private @Nullable LaunchReport launch;

    ArchitectureRun(GuestMemorySystem system, Subject subject, MachineConfig config, RunOptions options,
            GuestImage image, RunParts parts) {
        this.system = system;
        this.subject = subject;
        this.config = config;
        this.options = options;
        this.image = image;
        this.parts = parts;
    }

    /// Runs all stages. What breaks down is a failure in the report.
    ArchitectureReport run(Steps steps) {
        long start = System.nanoTime();
        Counters counters = Counters.NONE;
        try (Machine machine = open()) {
            stages(machine, steps);
            counters = Counters.of(machine);
        } catch (RuntimeException e) {
            failures.add("the run broke down: " + e.getMessage());
        }
        failures.check(!counters.exits.containsKey("error") || counters.exits.get("error") == 0,
                "there were exits with an error of the engine");
        return report(counters, (System.nanoTime() - start) / NANOS_PER_SECOND);
    }

    private void stages(Machine machine, Steps steps) {
        EchoClient client = new EchoClient(machine.map());
        BootStage boot = new BootStage(machine, failures);
        steps.begin("launch");
        launch = boot.launch(image);
        steps.begin("accept memory");
        boot.accept(options.seed());
        steps.begin("round trips");
        boot.roundTrips(client, options.seed());
        steps.begin("conversions");
        new ConversionStage(machine, failures).run(config.vcpus(), options.seed());
        steps.begin("attacks");
        ExpectedOutcomes expected = parts.expected()
                .apply(ExpectedOutcomes.of(subject.architecture(), subject.type().traits(),
                        machine.memory().isSplit()));
        AttackScene scene = new AttackScene(machine, client, options.seed());
        attacks.addAll(new AttackStage(scene, this::bootedMachine, expected, failures, options.seed())
                .run(attacks()));
    }

    private List<Attack> attacks() {
        List<Attack> all = new ArrayList<>(AttackCatalog.of(subject.architecture()));
        all.addAll(AttackCatalog.withPlugin(system.architecture(subject.architecture()).provider(),
                subject.type().traits()));
        return all;
    }

    private Machine open() {
        return Machine.open(system.openHost(Machine.hostOptions(config)), config);
    }

    private Machine bootedMachine() {
        Machine machine = open();
        try {
            BootStage boot = new BootStage(machine, failures);
            boot.launch(image);
            boot.accept(options.seed());
        } catch (RuntimeException e) {
            machine.close();
            throw e;
        }
        return machine;
    }

    private ArchitectureReport report(Counters counters, double seconds) {
        return new ArchitectureReport(subject.reportId(), subject.type().id(),
                Outcome.of(failures.sentences().isEmpty()), failures.sentences(),
                counters.faults, counters.exits, counters.conversions, counters.pages, attacks, measurement(),
                transcript(), seconds);
    }

    private @Nullable MeasurementReport measurement() {
        return launch == null || !launch.architectural() ? null
                : new MeasurementReport(launch.algorithm(), launch.digest());
    }

    private @Nullable TranscriptReport transcript() {
        return launch == null || launch.architectural() ? null
                : new TranscriptReport(launch.algorithm(), launch.digest(), TranscriptReport.NOTE);
    }

    /// What the machine had counted at its end.
    private record Counters(Map<String, Long> faults, Map<String, Long> exits, ConversionReport conversions,
            Map<String, Long> pages) {
        static final Counters NONE = new Counters(Map.of(), Map.of(), new ConversionReport(0, 0, 0), Map.of());

        static Counters of(Machine machine) {
            VmStats stats = machine.vm().stats();
            ConversionStats conversions = stats.conversions();
            return new Counters(stats.vcpus().faults(), stats.vcpus().exits(),
                    new ConversionReport(conversions.explicit(), conversions.implicit(), conversions.pages()),
                    machine.vm().pagesByState());
        }
    }
}
