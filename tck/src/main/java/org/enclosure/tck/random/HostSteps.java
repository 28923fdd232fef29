package org.enclosure.tck.random;

import org.enclosure.api.Errno;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.Pin;
import org.enclosure.tck.oracle.Oracle;
import org.enclosure.tck.oracle.PageModel;
import org.enclosure.tck.oracle.StoreModel;

/// What a VMM and its devices do with memory: conversions, holes, allocation, pins, accesses.
final class HostSteps {
    private static final int MOST_PINS = 6;
    private static final String HOLDER = "device of the dice";

    private final World world;
    private final Checks checks;

    HostSteps(World world, Checks checks) {
        this.world = world;
        this.checks = checks;
    }

    // ---- conversions ----------------------------------------------------------------------------------------------------

    String convert() {
        Subject subject = world.subject();
        int count = subject.length();
        int gfn = Math.min(subject.gfn(), Subject.GFNS - count);
        gfn = count == Paging.PAGES_PER_2M ? (int) Paging.floor(gfn, Paging.LEVEL_2M) : gfn;
        boolean toPrivate = world.oneIn(2);
        checks.touch(subject, gfn, count);
        int hole = firstHole(subject, gfn, count);
        int pinned = firstPinned(subject, gfn, count);
        boolean vetoed = world.oneIn(16);
        world.veto(vetoed);
        Errno expected = vetoed ? Errno.EAGAIN : toPrivate && hole >= 0 ? Errno.EINVAL
                : toPrivate && pinned >= 0 ? Errno.EAGAIN : null;
        long at = vetoed || expected == null ? -1 : Subject.bytes((expected == Errno.EINVAL ? hole : pinned) - gfn);
        String holder = vetoed ? World.VETOER : expected == Errno.EAGAIN ? HOLDER : null;
        int start = gfn;
        String outcome = checks
                .call(() -> subject.vm().conversions().convert(Subject.bytes(start), Subject.bytes(count),
                        MemoryKind.of(toPrivate)), expected, at, holder);
        world.veto(false);
        for (int i = gfn; expected == null && i < gfn + count; i++) {
            PageModel page = subject.model().at(i);
            if (page != null) {
                page.convert(toPrivate, world.keepsBytes());
            }
        }
        return outcome;
    }

    private static int firstHole(Subject subject, int gfn, int count) {
        for (int i = gfn; i < gfn + count; i++) {
            if (subject.model().at(i) == null) {
                return i;
            }
        }
        return -1;
    }

    private static int firstPinned(Subject subject, int gfn, int count) {
        for (int i = gfn; i < gfn + count; i++) {
            PageModel page = subject.model().at(i);
            if (page != null && page.pins() > 0) {
                return i;
            }
        }
        return -1;
    }

    String convertStore() {
        Subject subject = world.subject();
        int index = world.dice().nextInt(Subject.STORES);
        StoreModel store = subject.model().stores().get(index);
        int count = subject.length();
        int start = world.dice().nextInt(store.pages() - count + 1);
        boolean toPrivate = world.oneIn(2);
        if (subject.defers()) {
            return checks.call(() -> subject.store(index).convert(Subject.bytes(start), Subject.bytes(count),
                    MemoryKind.of(toPrivate)), Errno.ENOTTY);
        }
        int pinned = toPrivate ? store.firstPinned(start, count) : -1;
        checks.touch(subject, 0, 1);
        String outcome = checks.call(() -> subject.store(index).convert(Subject.bytes(start), Subject.bytes(count),
                MemoryKind.of(toPrivate)), pinned < 0 ? null : Errno.EAGAIN,
                pinned < 0 ? -1 : Subject.bytes(pinned - start), pinned < 0 ? null : HOLDER);
        for (int i = start; pinned < 0 && i < start + count; i++) {
            store.page(i).convert(toPrivate, world.keepsBytes());
            if (subject.store(index).kind(Subject.bytes(i)) != MemoryKind.of(toPrivate)) {
                throw new AssertionError(store.page(i) + " is not " + MemoryKind.of(toPrivate));
            }
        }
        return outcome;
    }

    // ---- memory ---------------------------------------------------------------------------------------------------------

    String punch() {
        Subject subject = world.subject();
        int index = world.dice().nextInt(Subject.STORES);
        StoreModel store = subject.model().stores().get(index);
        int count = subject.length();
        int start = world.dice().nextInt(store.pages() - count + 1);
        int pinned = store.firstPinned(start, count);
        String outcome = checks.call(() -> subject.store(index).punchHole(Subject.bytes(start), Subject.bytes(count)),
                pinned < 0 ? null : Errno.EAGAIN, pinned < 0 ? -1 : Subject.bytes(pinned - start),
                pinned < 0 ? null : HOLDER);
        for (int i = start; pinned < 0 && i < start + count; i++) {
            world.oracle().punch(store.page(i));
        }
        touchStore(subject, store, start, count);
        return outcome;
    }

    String allocate() {
        Subject subject = world.subject();
        int index = world.dice().nextInt(Subject.STORES);
        StoreModel store = subject.model().stores().get(index);
        int count = subject.length();
        int start = world.dice().nextInt(store.pages() - count + 1);
        String outcome = checks.call(() -> subject.store(index).allocate(Subject.bytes(start), Subject.bytes(count)),
                null);
        for (int i = start; i < start + count; i++) {
            store.page(i).populate();
        }
        touchStore(subject, store, start, count);
        return outcome;
    }

    private void touchStore(Subject subject, StoreModel store, int start, int count) {
        for (int gfn = 0; gfn < Subject.GFNS; gfn++) {
            PageModel page = subject.model().at(gfn);
            if (page != null && page.equals(store.page(start))) {
                checks.touch(subject, gfn, count);
            }
        }
    }

    // ---- pins and accesses ----------------------------------------------------------------------------------------------

    String pin() {
        Subject subject = world.subject();
        if (subject.pins().size() >= MOST_PINS) {
            return unpin();
        }
        int index = world.dice().nextInt(Subject.STORES);
        StoreModel store = subject.model().stores().get(index);
        int count = 1 + world.dice().nextInt(3);
        int start = hot(store, count);
        boolean isShared = true;
        for (int i = start; i < start + count; i++) {
            isShared &= mayPin(store.page(i));
            store.page(i).mayPopulate();
        }
        String outcome = checks.call(() -> subject.pins().add(new Subject.Held(
                subject.mapping(index).pin(Subject.bytes(start), Subject.bytes(count), HOLDER), store, start, count)),
                isShared ? null : Errno.EFAULT);
        for (int i = start; isShared && i < start + count; i++) {
            store.page(i).pin();
        }
        touchStore(subject, store, start, count);
        return outcome;
    }

    /// What the guest has asked back is not pinned anew, but all pins have one holder here, who may renew what he has.
    private static boolean mayPin(PageModel page) {
        return !page.isPrivate() && (!page.isPending() || page.pins() > 0);
    }

    private int hot(StoreModel store, int count) {
        return world.dice().nextInt(32) * 101 % (store.pages() - count);
    }

    String unpin() {
        Subject subject = world.subject();
        if (subject.pins().isEmpty()) {
            return "left out";
        }
        Subject.Held held = subject.pins().remove(world.dice().nextInt(subject.pins().size()));
        held.pin().close();
        for (int i = held.start(); i < held.start() + held.count(); i++) {
            held.store().page(i).unpin(world.keepsBytes());
        }
        return "done";
    }

    String usePin() {
        Subject subject = world.subject();
        if (subject.pins().isEmpty()) {
            return "left out";
        }
        Subject.Held held = subject.pins().get(world.dice().nextInt(subject.pins().size()));
        Pin pin = held.pin();
        PageModel page = held.store().page(held.start());
        checks.read(page, pin.loadLong(Oracle.WORD));
        long word = world.newWord();
        pin.storeLong(Oracle.WORD, word);
        page.write(word);
        return "done";
    }

    String hostAccess() {
        Subject subject = world.subject();
        int index = world.dice().nextInt(Subject.STORES);
        StoreModel store = subject.model().stores().get(index);
        int at = hot(store, 1);
        PageModel page = store.page(at);
        boolean writes = world.oneIn(2);
        long word = world.newWord();
        touchStore(subject, store, at, 1);
        try {
            long offset = Subject.bytes(at) + Oracle.WORD;
            long found = writes ? 0 : subject.mapping(index).loadLong(offset);
            if (writes) {
                subject.mapping(index).storeLong(offset, word);
            }
            if (page.isPrivate()) {
                throw new AssertionError("the host reaches " + page + " by its mapping");
            }
            if (writes) {
                page.write(word);
            } else {
                checks.read(page, found);
            }
            return "done";
        } catch (HostAccessException e) {
            if (!page.isPrivate() || e.signal() != Signal.SIGBUS) {
                throw new AssertionError("the host does not reach " + page, e);
            }
            return "SIGBUS";
        }
    }

    /// The log of a store tells of the pages that the guest wrote and of those that changed their kind, and of no others.
    String fetchLog() {
        Subject subject = world.subject();
        int index = world.dice().nextInt(Subject.STORES);
        StoreModel store = subject.model().stores().get(index);
        long[] bitmap = new long[store.pages() / Long.SIZE];
        subject.vm().privateDirtyLog().fetch(subject.store(index), bitmap);
        for (int i = 0; i < store.pages(); i++) {
            boolean told = (bitmap[i / Long.SIZE] & 1L << i) != 0;
            if (!store.page(i).fetchLog(told)) {
                throw new AssertionError("the log " + (told ? "tells of " : "leaves out ") + store.page(i));
            }
        }
        return "done";
    }

    /// What stands in a frame of a guest is not what the host reads there.
    String rawRead() {
        Subject subject = world.subject();
        int gfn = subject.gfn();
        PageModel page = subject.model().at(gfn);
        long pa = subject.vm().inspect(Subject.bytes(gfn)).pa();
        if (page == null || pa < 0 || !page.isOwned() || !page.isKnown() || page.word() == 0) {
            return "left out";
        }
        try {
            if (world.host().host().physical().loadLong(pa + Oracle.WORD) == page.word()) {
                throw new AssertionError("the host reads the word of " + page);
            }
            return "junk";
        } catch (HostAccessException e) {
            return e.signal().toString();
        }
    }
}
