package org.enclosure.examples.attack;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.examples.guest.EchoClient;
import org.enclosure.examples.guest.MemoryMap;
import org.enclosure.examples.guest.RoundTrips;
import org.enclosure.examples.guest.Secret;
import org.enclosure.examples.machine.Ending;
import org.enclosure.examples.machine.Machine;
import org.enclosure.spi.GuestRefusedException;
import org.jspecify.annotations.Nullable;

/// Where attacks take place: a machine whose guest has booted, a secret that the guest keeps in private memory, and ways to ask
/// the guest what it sees. The bounce buffer is private between attacks. Used by one thread.
public final class AttackScene {
    private static final int SECRET_PAGES = 4;

    private final Machine machine;
    private final EchoClient client;
    private Secret secret;

    /// Creates a scene.
    ///
    /// @param client the guest's driver of the echo device
    public AttackScene(Machine machine, EchoClient client, long seed) {
        this.machine = machine;
        this.client = client;
        secret = new Secret(MemoryMap.WINDOW, SECRET_PAGES, seed, 0);
    }

    /// The machine.
    public Machine machine() {
        return machine;
    }

    /// The guest's driver of the echo device.
    EchoClient client() {
        return client;
    }

    /// What the guest has written last.
    Secret secret() {
        return secret;
    }

    /// How many pages the secret has.
    int pages() {
        return SECRET_PAGES;
    }

    /// The gpa of a page of the secret.
    long gpa(int page) {
        return secret.gpa() + page * Paging.PAGE_SIZE;
    }

    /// Lets the guest write a new version of its secret, and accept its pages again where an attack before has cost it that.
    void hide() {
        for (int page = 0; page < SECRET_PAGES; page++) {
            Sighting sighting = rewrite();
            if (sighting.event == GuestEvent.UNACCEPTED) {
                long gpa = sighting.gpa & -Paging.PAGE_SIZE;
                require(machine.run(cpu -> cpu.accept(gpa, Paging.PAGE_SIZE)));
            } else {
                require(sighting.ending());
                return;
            }
        }
        require(rewrite().ending());
    }

    /// Lets the guest write a new version of its secret, without accepting anything.
    ///
    /// @return null if it could, else what it met at the first page; then the old version stays what it has written last
    @Nullable
    String overwrite() {
        Secret next = secret.next();
        String met = tryAsGuest(next::write);
        secret = met == null ? next : secret;
        return met;
    }

    /// What the guest sees where its secret is, in words.
    String guestSees() {
        AtomicReference<Secret.Sight> sight = new AtomicReference<>();
        Sighting sighting = watch(cpu -> sight.set(secret.look(cpu)));
        Secret.Sight seen = sight.get();
        return "guest sees " + (seen == null ? sighting.words() : switch (seen) {
            case OWN -> "its own bytes";
            case OLD -> "old bytes";
            case ZEROES -> "zeroes";
            case OTHER -> "other bytes";
        });
    }

    /// Lets a hostile guest try something.
    ///
    /// @return null if the program returned, else what ended it
    @Nullable
    String tryAsGuest(GuestProgram program) {
        Sighting sighting = watch(program);
        return sighting.ending().isReturn() ? null : sighting.words();
    }

    /// Lets the guest share the bounce buffer.
    void shareBuffer() {
        require(machine.run(cpu -> {
            cpu.share(MemoryMap.BOUNCE, MemoryMap.BOUNCE_BYTES);
            client.start(cpu);
        }));
    }

    /// Lets the guest take the bounce buffer back.
    void takeBufferBack() {
        require(machine.run(cpu -> cpu.unshare(MemoryMap.BOUNCE, MemoryMap.BOUNCE_BYTES)));
    }

    /// How many pages have changed their kind so far.
    long convertedPages() {
        return machine.vm().stats().conversions().pages();
    }

    /// Makes one legal round trip through the bounce buffer, from sharing to taking back.
    ///
    /// @return null if all went well, else what did not, in a sentence
    public @Nullable String legalTrip(long seed) {
        RoundTrips trip = new RoundTrips(client, 1, seed);
        try {
            Ending ending = machine.run(cpu -> {
                cpu.share(MemoryMap.BOUNCE, MemoryMap.BOUNCE_BYTES);
                client.start(cpu);
                trip.run(cpu);
                cpu.unshare(MemoryMap.BOUNCE, MemoryMap.BOUNCE_BYTES);
            });
            if (!ending.isReturn()) {
                return ending.toString();
            }
        } catch (GuestRefusedException e) {
            return e.getMessage();
        }
        return trip.findings().sentences().isEmpty() ? null : trip.findings().sentences().getFirst();
    }

    /// Runs a program whose exceptions end it, and keeps the first one.
    private Sighting watch(GuestProgram program) {
        AtomicInteger event = new AtomicInteger();
        AtomicLong at = new AtomicLong();
        Ending ending = machine.run(cpu -> {
            cpu.onEvent((GuestCpu self, int happened, long gpa) -> {
                event.set(happened);
                at.set(gpa);
                return false;
            });
            program.run(cpu);
        });
        return new Sighting(ending, event.get(), at.get());
    }

    private Sighting rewrite() {
        secret = secret.next();
        return watch(secret::write);
    }

    private static void require(Ending ending) {
        if (!ending.isReturn()) {
            throw new IllegalStateException("the guest could not do what comes before the attack: " + ending);
        }
    }

    /// How a watched program ended.
    ///
    /// @param event the exception that it met, or NONE
    /// @param gpa where
    private record Sighting(Ending ending, int event, long gpa) {
        String words() {
            return event == GuestEvent.NONE ? "stop with " + ending.reason() : "event " + GuestEvent.name(event);
        }
    }
}
