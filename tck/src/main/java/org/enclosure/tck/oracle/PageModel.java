package org.enclosure.tck.oracle;

/// One page of a store.
public final class PageModel {
    /// Whether there is a frame behind the page.
    public enum Presence {
        /// There is none.
        ABSENT,
        /// There is one.
        PRESENT,
        /// There may be one: a neighbour in a huge folio, or a call that ended half way.
        UNKNOWN
    }

    static final long NO_FRAME = -1;

    private final String name;
    private boolean isPrivate;
    private Presence presence = Presence.ABSENT;
    private boolean known = true;
    private long word;
    private long pfn = NO_FRAME;
    private int pins;
    private boolean owned;
    private boolean stray;
    private boolean pending;
    private boolean logged;
    private boolean mayBeLogged;

    PageModel(String name, boolean isPrivate) {
        this.name = name;
        this.isPrivate = isPrivate;
    }

    /// Its kind.
    public boolean isPrivate() {
        return isPrivate;
    }

    /// How many pins hold it.
    public int pins() {
        return pins;
    }

    /// Whether it is certain what its word holds; else [#word()] is what it must not hold, unless that is 0.
    public boolean isKnown() {
        return known;
    }

    /// Its word.
    public long word() {
        return word;
    }

    /// Whether the guest has used it as private memory since it became so: then its frame is not the host's.
    public boolean isOwned() {
        return owned;
    }

    Presence presence() {
        return presence;
    }

    long pfn() {
        return pfn;
    }

    void learn(long frame) {
        pfn = frame;
        presence = frame == NO_FRAME ? Presence.ABSENT : Presence.PRESENT;
    }

    // ---- what happens to it ---------------------------------------------------------------------------------------------

    /// A frame is there now.
    public void populate() {
        presence = Presence.PRESENT;
    }

    /// A frame may be there now.
    public void mayPopulate() {
        if (presence == Presence.ABSENT) {
            presence = Presence.UNKNOWN;
        }
    }

    /// Its word was written by the guest or the host.
    public void write(long value) {
        populate();
        known = true;
        word = value;
        owned = isPrivate;
    }

    /// Its word was written by the guest, which the log of written pages has to tell.
    public void writeByGuest(long value) {
        write(value);
        logged = true;
    }

    /// The log of written pages was fetched, and told of this page or not.
    ///
    /// @return whether that is right
    public boolean fetchLog(boolean told) {
        boolean isRight = told ? logged || mayBeLogged : !logged;
        logged = false;
        mayBeLogged = false;
        return isRight;
    }

    /// It may stand in the log although nothing happened to it.
    public void mayBeLogged() {
        mayBeLogged = true;
    }

    /// Its word was read.
    ///
    /// @return empty if that is what it may hold, else what it should
    public String read(long value) {
        populate();
        owned = isPrivate;
        if (known ? value == word : value != word || word == 0) {
            known = true;
            word = value;
            return "";
        }
        return (known ? "the word 0x" : "anything but 0x") + Long.toHexString(word);
    }

    /// A word was read by the host, or compared: it changes no owner.
    String compare(long value) {
        return !known || value == word ? "" : "the word 0x" + Long.toHexString(word);
    }

    /// It was converted.
    ///
    /// @param keepsBytes whether the VM type promises that
    public void convert(boolean toPrivate, boolean keepsBytes) {
        pending = false;
        mayBeLogged = true; // the log tells of the whole range of a change
        if (isPrivate == toPrivate) {
            return;
        }
        logged = true;
        isPrivate = toPrivate;
        owned = false;
        if (!keepsBytes && (presence != Presence.ABSENT || word != 0)) {
            word = known ? word : 0;
            known = false;
        }
    }

    /// A hole was punched.
    public void punch() {
        presence = Presence.ABSENT;
        pfn = NO_FRAME;
        known = true;
        word = 0;
        owned = false;
        stray = false;
    }

    /// A pin holds it.
    public void pin() {
        populate();
        pins++;
    }

    /// A pin was given up: the last one of a page that the guest has asked back makes it private.
    public void unpin(boolean keepsBytes) {
        pins--;
        if (pending && pins == 0) {
            convert(true, keepsBytes);
        }
    }

    /// The guest has asked for it, and gets it when nobody holds it any more.
    public void defer() {
        pending = true;
    }

    /// Whether the guest waits for it: until then the guest does not reach it, and nobody pins it who has not
    /// pinned it already.
    public boolean isPending() {
        return pending;
    }

    /// The slot over it went away.
    void unbind() {
        owned = false;
        pending = false;
        stray = isPrivate && presence != Presence.ABSENT;
    }

    /// Whether it was private memory of a slot that went away: what an architecture does with its bytes, and whether it lets them
    /// appear at another address, is its own affair.
    public boolean isStray() {
        return stray;
    }

    @Override
    public String toString() {
        return name + (isPrivate ? " (private" : " (shared") + (pfn == NO_FRAME ? ")" : ", frame 0x"
                + Long.toHexString(pfn) + ")");
    }
}
