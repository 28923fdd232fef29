package org.enclosure.api.store;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.EnumSet;
import java.util.Set;

import org.apiguardian.api.API;

/// What a store is created with. Immutable; checked when the store is created.
///
/// @param bytes a positive multiple of the kind's page size
/// @param flags flags
/// @param kind where its pages come from
/// @param limitBytes the most memory that it may hold at a time, a multiple of 4096; 0 for no limit
@API(status = EXPERIMENTAL, since = "0.1")
public record StoreOptions(long bytes, Set<StoreFlag> flags, StoreKind kind, long limitBytes) {
    /// Copies the flags.
    public StoreOptions {
        flags = Set.copyOf(flags);
    }

    /// An ordinary store without flags and limit.
    public static StoreOptions of(long bytes) {
        return new StoreOptions(bytes, Set.of(), StoreKind.ORDINARY, 0);
    }

    /// With a flag.
    public StoreOptions with(StoreFlag flag) {
        EnumSet<StoreFlag> next = EnumSet.of(flag);
        next.addAll(flags);
        return new StoreOptions(bytes, next, kind, limitBytes);
    }

    /// With another kind.
    public StoreOptions with(StoreKind other) {
        return new StoreOptions(bytes, flags, other, limitBytes);
    }

    /// With a limit.
    public StoreOptions withLimit(long limit) {
        return new StoreOptions(bytes, flags, kind, limit);
    }
}
