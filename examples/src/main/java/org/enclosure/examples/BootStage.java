package org.enclosure.examples;

import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.vm.LaunchReport;
import org.enclosure.examples.guest.EchoClient;
import org.enclosure.examples.guest.ImageCheck;
import org.enclosure.examples.guest.MemoryMap;
import org.enclosure.examples.guest.RoundTrips;
import org.enclosure.examples.guest.Secret;
import org.enclosure.examples.guest.WorkingMemory;
import org.enclosure.examples.machine.Machine;

/// The first half of a run: launch, acceptance, and data through the bounce buffer.
final class BootStage {
    /// How many round trips are made.
    static final int TRIPS = 1000;
    private static final int BOUNCE_PAGES = (int) (MemoryMap.BOUNCE_BYTES / Paging.PAGE_SIZE);

    private final Machine machine;
    private final Failures failures;

    BootStage(Machine machine, Failures failures) {
        this.machine = machine;
        this.failures = failures;
    }

    /// Launches the image, and lets the guest look at it from inside.
    LaunchReport launch(GuestImage image) {
        LaunchReport launch = machine.launch(image.bytes());
        long pages = image.bytes().byteSize() / Paging.PAGE_SIZE;
        failures.check(launch.gpa() == machine.map().image() && launch.pages() == pages,
                "the launch loaded " + launch.pages() + " pages at gpa 0x" + Long.toHexString(launch.gpa())
                        + " instead of " + pages
                        + " at 0x" + Long.toHexString(machine.map().image()));
        ImageCheck check = new ImageCheck(machine.map());
        Failures.requireReturn(machine.run(check));
        String seen = check.digest();
        failures.check(seen.equals(image.digest()),
                "the guest found an image with SHA-256 " + seen + " instead of " + image.digest());
        failures.addAll(check.findings().sentences());
        return launch;
    }

    /// Lets the guest accept the memory that it works in.
    void accept(long seed) {
        WorkingMemory program = new WorkingMemory(machine.map(), seed);
        Failures.requireReturn(machine.run(program));
        failures.addAll(program.findings().sentences());
    }

    /// Sends data through the bounce buffer, and checks that both sides saw the same, and that the host cannot reach the buffer
    /// afterwards.
    void roundTrips(EchoClient client, long seed) {
        RoundTrips trips = new RoundTrips(client, TRIPS, seed);
        Failures.requireReturn(machine.run(cpu -> {
            cpu.share(MemoryMap.BOUNCE, MemoryMap.BOUNCE_BYTES);
            client.start(cpu);
            trips.run(cpu);
            cpu.unshare(MemoryMap.BOUNCE, MemoryMap.BOUNCE_BYTES);
        }));
        failures.addAll(trips.findings().sentences());
        failures.check(trips.done() == TRIPS, trips.done() + " of " + TRIPS + " round trips were made");
        compare("the guest sent", trips.sentDigest(), "the device received", machine.device().takeReceivedDigest());
        compare("the device sent", machine.device().takeSentDigest(), "the guest received", trips.receivedDigest());
        failures.check(machine.device().unreachable() == 0,
                "the device could not reach the bounce buffer while it was shared");
        checkTakenBack(seed);
    }

    private void compare(String one, String oneDigest, String other, String otherDigest) {
        failures.check(oneDigest.equals(otherDigest),
                "what " + one + " has SHA-256 " + oneDigest + ", what " + other + " has " + otherDigest);
    }

    /// The guest writes a secret where the bounce buffer was; the host must not get at a word of it.
    private void checkTakenBack(long seed) {
        Secret secret = new Secret(MemoryMap.BOUNCE, BOUNCE_PAGES, seed, 0);
        Failures.requireReturn(machine.run(secret::write));
        long reached = 0;
        for (long offset = 0; offset < MemoryMap.BOUNCE_BYTES; offset += Long.BYTES) {
            reached += reaches(secret, offset) ? 1 : 0;
        }
        failures.check(reached == 0,
                "the host can still reach " + reached + " words of the bounce buffer that the guest has taken back");
    }

    /// In place the host must not reach the word at all; split it reaches the shared half, where no word is the guest's.
    private boolean reaches(Secret secret, long offset) {
        try {
            long word = machine.memory().mapping().loadLong(MemoryMap.BOUNCE + offset);
            int page = (int) (offset / Paging.PAGE_SIZE);
            return !machine.memory().isSplit() || secret.reveals(page, (int) (offset & Paging.PAGE_MASK), word);
        } catch (HostAccessException e) {
            return e.signal() != HostAccessException.Signal.SIGBUS;
        }
    }
}
