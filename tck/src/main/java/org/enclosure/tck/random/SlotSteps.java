package org.enclosure.tck.random;

import org.enclosure.api.Errno;
import org.enclosure.api.Paging;
import org.enclosure.api.slot.Memslot;
import org.enclosure.tck.oracle.StoreModel;
import org.jspecify.annotations.Nullable;

/// Slots that come and go while everything else stays.
final class SlotSteps {
    private static final int TRIES = 12;

    private final World world;
    private final Checks checks;

    SlotSteps(World world, Checks checks) {
        this.world = world;
        this.checks = checks;
    }

    private record Place(int id, int store, int start, int gfn, int count) {
    }

    /// Mostly a place where a slot can be created: else the address space would be empty most of the time.
    private Place place(Subject subject) {
        Place place = anyPlace();
        for (int tries = world.oneIn(4) ? 0 : TRIES; tries > 0 && refusal(subject, place) != null; tries--) {
            place = anyPlace();
        }
        return place;
    }

    private Place anyPlace() {
        int id = world.dice().nextInt(Subject.SLOT_IDS);
        int store = world.dice().nextInt(Subject.STORES);
        boolean half = !world.oneIn(4);
        int count = half ? Subject.STORE_PAGES / 2 : 1 + world.dice().nextInt(64);
        int start = half ? world.dice().nextInt(2) * count : world.dice().nextInt(Subject.STORE_PAGES - count);
        int gfn = half ? world.dice().nextInt(Subject.GFNS / count) * count
                : world.dice().nextInt(Subject.GFNS - count);
        return new Place(id, store, start, gfn, count);
    }

    private static @Nullable Errno refusal(Subject subject, Place place) {
        StoreModel store = subject.model().stores().get(place.store);
        return subject.model().hasSlot(place.id) ? Errno.EINVAL
                : subject.model().overlaps(place.gfn, place.count) ? Errno.EEXIST
                        : subject.model().isBound(store, place.start, place.count) ? Errno.EEXIST : null;
    }

    String create() {
        Subject subject = world.subject();
        Place place = place(subject);
        int gfn = place.gfn;
        int start = place.start;
        int count = place.count;
        int index = place.store;
        StoreModel store = subject.model().stores().get(index);
        Errno expected = refusal(subject, place);
        checks.touch(subject, gfn, 2);
        if (expected == null && !world.keepsBytes() && hasStrays(store, start, count)) {
            if (store.firstPinned(start, count) >= 0) {
                return "left out";
            }
            subject.store(index).punchHole(Subject.bytes(start), Subject.bytes(count));
            for (int i = start; i < start + count; i++) {
                world.oracle().punch(store.page(i));
            }
        }
        String outcome = checks.call(() -> subject.vm().slots().create(Memslot.ofStore(place.id, Subject.bytes(gfn),
                Subject.bytes(count), subject.store(index), Subject.bytes(start))), expected);
        if (expected == null) {
            subject.model().bind(place.id, gfn, store, start, count);
            checks.touch(subject, gfn, count);
        }
        return outcome;
    }

    /// Looks at whole blocks: a page that nobody used was mapped too if a neighbour in its huge folio was.
    private static boolean hasStrays(StoreModel store, int start, int count) {
        int first = (int) Paging.floor(start, Paging.LEVEL_2M);
        int end = (int) Math.min(store.pages(), Paging.ceil(start + count, Paging.LEVEL_2M));
        for (int i = first; i < end; i++) {
            if (store.page(i).isStray()) {
                return true;
            }
        }
        return false;
    }

    String delete() {
        Subject subject = world.subject();
        int id = world.dice().nextInt(Subject.SLOT_IDS);
        Errno expected = subject.model().hasSlot(id) ? null : Errno.EINVAL;
        for (int gfn = 0; expected == null && gfn < Subject.GFNS; gfn += 37) {
            if (subject.model().slotAt(gfn) == id) {
                checks.touch(subject, gfn, 1);
            }
        }
        String outcome = checks.call(() -> subject.vm().slots().delete(id), expected);
        if (expected == null) {
            subject.model().unbind(id);
        }
        return outcome;
    }
}
