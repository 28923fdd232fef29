package org.enclosure.pkvm.wire;

/// What EL2 writes into an invalid leaf of a stage-2 table: whose the page is.
///
/// ```
///  63  60 59                                     4 3     1  0
/// +------+----------------------------------------+-------+---+
/// | type |                  meta                  | owner | 0 |     kernels from 7.1 on
/// +------+----------------------------------------+-------+---+
///          meta of a guest: gfn in bits 55:16, VM handle in bits 15:0 (of the meta)
/// ```
///
/// Older kernels write the owner alone.
public final class Annotation {
    /// No annotation.
    public static final long NONE = 0;
    /// Type: the host gave the page away.
    public static final int HOST_DONATION = 2;
    /// Type, in a guest's table: the host took the page by force.
    public static final int GUEST_POISONED = 3;
    /// The leaf of a guest that says POISON.
    public static final long POISON = (long) GUEST_POISONED << 60;

    private static final int TYPE_SHIFT = 60;
    private static final int META_SHIFT = 4;
    private static final long META_MASK = (1L << 56) - 1;
    private static final int OWNER_SHIFT = 1;
    private static final long OWNER_MASK = 7;
    private static final int GFN_SHIFT = 16;
    private static final long GFN_MASK = (1L << 40) - 1;
    private static final long HANDLE_MASK = 0xffff;

    private Annotation() {
    }

    /// The annotation of a page that the host gave to the hypervisor.
    ///
    /// @param typed whether the kernel writes more than the owner
    public static long hyp(boolean typed) {
        return type(typed) | (long) Owner.HYP << OWNER_SHIFT;
    }

    /// The annotation of a page that the host gave to a guest.
    ///
    /// @param typed whether the kernel writes more than the owner
    public static long guest(boolean typed, long handle, long gfn) {
        long meta = (gfn & GFN_MASK) << GFN_SHIFT | handle & HANDLE_MASK;
        return type(typed) | (typed ? meta << META_SHIFT : 0) | (long) Owner.GUEST << OWNER_SHIFT;
    }

    /// The type.
    public static int type(long word) {
        return (int) (word >>> TYPE_SHIFT);
    }

    /// The owner, a constant of [Owner].
    public static int owner(long word) {
        return (int) (word >>> OWNER_SHIFT & OWNER_MASK);
    }

    /// The VM of a guest's page.
    public static long handle(long word) {
        return word >>> META_SHIFT & META_MASK & HANDLE_MASK;
    }

    /// The gfn of a guest's page.
    public static long gfn(long word) {
        return word >>> META_SHIFT + GFN_SHIFT & GFN_MASK;
    }

    private static long type(boolean typed) {
        return typed ? (long) HOST_DONATION << TYPE_SHIFT : 0;
    }
}
