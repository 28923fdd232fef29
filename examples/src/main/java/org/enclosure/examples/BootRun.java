package org.enclosure.examples;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.examples.guest.MemoryMap;
import org.enclosure.examples.machine.Machine;
import org.enclosure.examples.machine.MachineConfig;

/// Boots the example guest `boot` on every confidential VM type that is found and lets it work and be attacked:
///
/// 1. launch of the image, which the guest then checks from inside;
/// 2. acceptance of the memory that the guest works in;
/// 3. a thousand round trips of data through a shared bounce buffer, which the guest takes back;
/// 4. a thousand pages converted back and forth by several vCPUs at once;
/// 5. attacks of the host and of the guest, each with the outcome that it has to have.
///
/// A VM type counts as confidential if it has private memory. One machine is built per type, one after the other.
public final class BootRun {
    private final GuestMemorySystem system;
    private final RunOptions options;
    private final RunParts parts;

    /// Creates a run.
    ///
    /// @param system where the architectures are found; stays the caller's
    public BootRun(GuestMemorySystem system, RunOptions options) {
        this(system, options, RunParts.REAL);
    }

    BootRun(GuestMemorySystem system, RunOptions options, RunParts parts) {
        this.system = system;
        this.options = options;
        this.parts = parts;
    }

    /// Runs, on the calling thread, which must be a platform thread.
    ///
    /// @throws UnusableInputException if an architecture, the image, the memory or a policy cannot be used; then nothing was run
    public RunReport run(RunProgress progress) {
        GuestImage image = GuestImage.of(options);
        List<Subject> subjects = Subject.choose(system, options.architectures());
        subjects.forEach(subject -> check(subject, image));
        List<ArchitectureReport> reports = new ArrayList<>();
        for (Subject subject : subjects) {
            Steps steps = new Steps(progress, subject.reportId(), reports.size(), subjects.size());
            reports.add(new ArchitectureRun(system, subject, config(subject, image), options, image, parts).run(steps));
        }
        return RunReport.of(reports);
    }

    /// Builds each machine once before the first is run, so that a choice that is illegal on the last is told at once.
    private void check(Subject subject, GuestImage image) {
        MachineConfig config = config(subject, image);
        try (Machine _ = Machine.open(system.openHost(Machine.hostOptions(config)), config)) {
            return;
        } catch (GuestMemoryException e) {
            String what = e.errno() == Errno.ENOMEM ? " does not get its memory: " : " cannot be run like this: ";
            throw new UnusableInputException(subject.reportId() + what + e.getMessage(), e);
        }
    }

    private MachineConfig config(Subject subject, GuestImage image) {
        MemoryMap map = new MemoryMap(options.memoryBytes(), image.bytes().byteSize());
        int vcpus = Math.max(ConversionStage.MIN_VCPUS, options.vcpus());
        return new MachineConfig(subject.architecture(), subject.type().id(), map, vcpus, options.policies(),
                parts.echo());
    }
}
