package org.enclosure.systemtest.allocation;

import java.util.function.Consumer;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;

/// What must not allocate. Each round leaves the VM as it found it.
enum Exercise {
    /// Loads that hit the TLB.
    LOAD_HIT(subject -> subject.run(Guests.LOAD)),
    /// Stores that hit the TLB.
    STORE_HIT(subject -> subject.run(Guests.STORE)),
    /// Other sizes, swaps, page ends, arrays.
    OTHER_ACCESSES(subject -> subject.run(Guests.SMALL)),
    /// Loads that miss the TLB and find a leaf.
    TLB_MISS(subject -> subject.run(Guests.MISS)),
    /// Faults on pages that are there: converted away and back, so that no leaf is left.
    RESIDENT_FAULT(subject -> {
        subject.convert(0, 8, MemoryKind.SHARED);
        subject.convert(0, 8, MemoryKind.PRIVATE);
        subject.run(Guests.TOUCH);
    }),
    /// Holes, and the first touch of pages.
    PUNCH_AND_FIRST_TOUCH(subject -> {
        subject.punch(0, 8);
        subject.run(Guests.TOUCH);
    }),
    /// Conversions by the guest's call.
    GUEST_CONVERSION(subject -> subject.run(Guests.CALL)),
    /// Conversions by an access in the other kind.
    IMPLICIT_CONVERSION(subject -> {
        if (subject.isTagged()) {
            subject.run(Guests.ACCESS);
        }
    }),
    /// Conversions by the host: one page, odd ranges, whole blocks, populated and not.
    HOST_CONVERSION(subject -> {
        subject.convert(3, 1, MemoryKind.SHARED);
        subject.convert(0, 520, MemoryKind.SHARED);
        subject.convert(0, 1024, MemoryKind.PRIVATE);
        subject.convert(1536, 512, MemoryKind.SHARED);
        subject.convert(1536, 512, MemoryKind.PRIVATE);
    }),
    /// Conversions that the policy is asked about.
    REQUEST(subject -> {
        subject.request(5, 2, MemoryKind.SHARED);
        subject.request(5, 2, MemoryKind.PRIVATE);
    }),
    /// Accesses of a VMM's own CPU.
    RESOLVER(subject -> {
        subject.convert(2, 1, MemoryKind.SHARED);
        check(subject.resolver().store(subject.address(2, false), 8, 1));
        check(subject.resolver().load(subject.address(2, false), 8));
        subject.convert(2, 1, MemoryKind.PRIVATE);
    }),
    /// Accesses of the host to shared pages.
    HOST_ACCESS(subject -> {
        subject.convert(4, 1, MemoryKind.SHARED);
        subject.mapping().storeLong(4 * Paging.PAGE_SIZE, 1);
        subject.mapping().loadLong(4 * Paging.PAGE_SIZE);
        subject.convert(4, 1, MemoryKind.PRIVATE);
    });

    /// Accesses of one round.
    static final int OPERATIONS = 128;

    private final Consumer<Subject> round;

    Exercise(Consumer<Subject> round) {
        this.round = round;
    }

    void round(Subject subject) {
        round.accept(subject);
    }

    private static void check(boolean done) {
        if (!done) {
            throw new AssertionError("an access was refused");
        }
    }
}
