package org.enclosure.api.slot;

import static org.apiguardian.api.API.Status.STABLE;

import java.util.EnumSet;
import java.util.Set;

import org.apiguardian.api.API;
import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;

/// Flags of a memslot (the KVM_MEM_* of KVM).
@API(status = STABLE, since = "0.1")
public enum MemslotFlag {
    /// The guest cannot write; a write exits as MMIO.
    READONLY(1 << 1),
    /// The pages that the guest writes are recorded; only slots without a store can have it. See
    /// [org.enclosure.api.dirty.DirtyLog].
    LOG_DIRTY(1 << 0);

    /// KVM_MEM_GUEST_MEMFD: the slot has a store. No flag here, because [Memslot#store()] says so.
    public static final long GUEST_MEMFD = 1 << 2;

    private final long bit;

    MemslotFlag(long bit) {
        this.bit = bit;
    }

    /// The flags of a word of KVM_SET_USER_MEMORY_REGION, the first version of the call, which knows no stores. For a VMM that has
    /// KVM's structures.
    ///
    /// @throws GuestMemoryException EINVAL for a bit that the first version has not
    public static Set<MemslotFlag> ofRegion(long word) {
        return of(word, 0);
    }

    /// The flags of a word of KVM_SET_USER_MEMORY_REGION2. [#GUEST_MEMFD] is legal and in no set: the caller names the store.
    ///
    /// @throws GuestMemoryException EINVAL for a bit that the second version has not
    public static Set<MemslotFlag> ofRegion2(long word) {
        return of(word, GUEST_MEMFD);
    }

    private static Set<MemslotFlag> of(long word, long others) {
        Set<MemslotFlag> flags = EnumSet.noneOf(MemslotFlag.class);
        long known = others;
        for (MemslotFlag flag : values()) {
            known |= flag.bit;
            if ((word & flag.bit) != 0) {
                flags.add(flag);
            }
        }
        if ((word & ~known) != 0) {
            throw new GuestMemoryException(Errno.EINVAL, "memslot flags 0x" + Long.toHexString(word)
                    + " have bits that are not known; legal are those of 0x" + Long.toHexString(known));
        }
        return flags;
    }
}
