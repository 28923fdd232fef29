package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// One guest instruction on its way through the backend, and the request to the host that may come of it. Owned by the vCPU
/// and reset before each instruction; it keeps its state from `trap` to the last `answer`.
@API(status = EXPERIMENTAL, since = "0.1")
public final class GuestCall {
    /// Request: convert `gfn`, `npages` to private or shared.
    public static final int CONVERT = 1;
    /// Request: a call that only the VMM can answer; `number` and `args` say what.
    public static final int HYPERCALL = 2;
    /// Request: the guest ends itself.
    public static final int SHUTDOWN = 3;

    /// Style: nobody is asked.
    public static final int STYLE_NONE = 0;
    /// Style: exit HYPERCALL (MAP_GPA_RANGE).
    public static final int STYLE_HYPERCALL = 1;
    /// Style: exit MEMORY_FAULT.
    public static final int STYLE_MEMORY_FAULT = 2;
    /// Style: exit UNSHARE.
    public static final int STYLE_UNSHARE = 3;

    /// Flag: the host cannot refuse.
    public static final int MANDATORY = 1;
    /// Flag: the tables have work to do even if the attributes are in the wanted state already.
    public static final int TABLE_WORK = 1 << 1;

    /// Frame number that says that there is none.
    public static final long NO_FRAME = -1;

    /// In: an interrupt is pending for this vCPU.
    public boolean interruptPending;
    /// In: the VMM takes conversion exits.
    public boolean exitEnabled = true;
    /// In: the frame of the shared page that NEED_PAGE asked for, else -1.
    public long windowPfn;
    /// In: the leaf that NEED_LEAF asked for, as a [Leaf]; [Leaf#NONE] if there is none.
    public long leaf;

    /// Out: the request.
    public int request;
    /// Out: how the VMM is asked.
    public int style;
    /// Out: [#MANDATORY], [#TABLE_WORK].
    public int flags;
    /// Out: first gfn of the request.
    public long gfn;
    /// Out: number of gfns.
    public long npages;
    /// Out: whether the request is to make the range private.
    public boolean toPrivate;
    /// Out: the gfn that NEED_PAGE or NEED_LEAF is about.
    public long needGfn;
    /// Out: number of the guest's call, for the exit.
    public long number;
    /// Out: arguments of the guest's call, for the exit. In, when a HYPERCALL is answered with OK: the VMM's result in word 0.
    public final long[] args = new long[6];
    /// Out: what the status has no room for.
    public final FaultDetail detail = new FaultDetail();
    /// The backend's own, kept until the last answer.
    public final long[] scratch = new long[16];

    /// Creates a cleared call.
    public GuestCall() {
        reset();
    }

    /// Clears everything but `interruptPending` and `exitEnabled`.
    public void reset() {
        windowPfn = NO_FRAME;
        leaf = Leaf.NONE;
        request = 0;
        style = STYLE_NONE;
        flags = 0;
        gfn = 0;
        npages = 0;
        toPrivate = false;
        needGfn = 0;
        number = 0;
        java.util.Arrays.fill(args, 0);
        java.util.Arrays.fill(scratch, 0);
        detail.reset();
    }
}
