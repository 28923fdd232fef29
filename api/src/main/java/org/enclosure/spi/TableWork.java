package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/// The argument block of a [GuestTable] call: what the caller gives, and what the call leaves behind. Owned by one thread and
/// reset before each call.
@API(status = EXPERIMENTAL, since = "0.1")
public final class TableWork {
    /// Reason: a fault of a vCPU.
    public static final int FAULT = 0;
    /// Reason: a conversion.
    public static final int CONVERT = 1;
    /// Reason: a hole is punched, the frames leave the store.
    public static final int PUNCH = 2;
    /// Reason: a memslot goes away.
    public static final int SLOT = 3;
    /// Reason: the host insists; the guest may lose the page.
    public static final int FORCE = 4;
    /// Reason: the VM ends.
    public static final int TEARDOWN = 5;

    /// Content: the bytes are as they were.
    public static final int KEPT = 0;
    /// Content: the bytes are not the plaintext any more.
    public static final int LOST = 1;
    /// Content: the bytes were wiped to zero.
    public static final int ZEROED = 2;

    /// In: the access that led here, with [org.enclosure.api.Access#PRIVATE] for the private half.
    public int access;
    /// In: why, one of the reason constants.
    public int reason;
    /// In: whether a conversion goes to private (`block` and `convert`).
    public boolean toPrivate;
    /// In: the guest's request that a conversion answers, or null if the host converts on its own.
    public @Nullable GuestCall call;
    /// In: table frames.
    public final FrameCache frames;
    /// Out: the level at which `map` really mapped.
    public int level;
    /// Out: how many pages were done; of `block`: how many were in the guest's reach, 0 if there is nothing to flush.
    public long done;
    /// Out: what became of the content, one of the content constants.
    public int content;
    /// Out: what the status has no room for.
    public final FaultDetail detail = new FaultDetail();

    /// Creates a block that pops its table frames from `frames`.
    public TableWork(FrameCache frames) {
        this.frames = frames;
    }

    /// Clears everything but the frames and sets why the next call is made.
    public void reset(int reason, int access) {
        this.reason = reason;
        this.access = access;
        toPrivate = false;
        call = null;
        level = 0;
        done = 0;
        content = KEPT;
        detail.reset();
    }
}
