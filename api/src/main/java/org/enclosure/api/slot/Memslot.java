package org.enclosure.api.slot;

import static org.apiguardian.api.API.Status.STABLE;

import java.util.EnumSet;
import java.util.Set;

import org.apiguardian.api.API;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.store.GuestMemoryStore;
import org.jspecify.annotations.Nullable;

/// One memslot: a guest physical range and what is behind it.
///
/// Three kinds: host mapping only; store only; both, where the host mapping backs the shared half and the store the private
/// half ([org.enclosure.api.policy.PolicyKey#BACKING] = split) or names the mapping of the same store (in place).
///
/// @param id 0 to 32763, chosen by the VMM
/// @param gpa first byte, a multiple of 4096
/// @param bytes length, a positive multiple of 4096
/// @param flags flags
/// @param mapping host memory, or null
/// @param mappingOffset byte offset of the slot's start in the mapping, a multiple of 4096
/// @param store gmem store, or null
/// @param storeOffset byte offset of the slot's start in the store, a multiple of 4096
@API(status = STABLE, since = "0.1")
public record Memslot(int id, long gpa, long bytes, Set<MemslotFlag> flags, @Nullable HostMapping mapping,
        long mappingOffset, @Nullable GuestMemoryStore store, long storeOffset) {
    /// Copies the flags; everything else is checked when the slot is created.
    public Memslot {
        flags = Set.copyOf(flags);
    }

    /// A slot with host memory only.
    public static Memslot ofMapping(int id, long gpa, long bytes, HostMapping mapping, long offset) {
        return new Memslot(id, gpa, bytes, Set.of(), mapping, offset, null, 0);
    }

    /// A slot with a store only.
    public static Memslot ofStore(int id, long gpa, long bytes, GuestMemoryStore store, long offset) {
        return new Memslot(id, gpa, bytes, Set.of(), null, 0, store, offset);
    }

    /// This slot with a flag set.
    public Memslot with(MemslotFlag flag) {
        EnumSet<MemslotFlag> next = EnumSet.of(flag);
        next.addAll(flags);
        return new Memslot(id, gpa, bytes, next, mapping, mappingOffset, store, storeOffset);
    }
}
