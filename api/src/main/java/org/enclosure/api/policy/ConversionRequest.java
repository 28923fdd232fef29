package org.enclosure.api.policy;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.store.GuestMemoryStore;
import org.jspecify.annotations.Nullable;

/// One conversion that somebody wants: a view that the engine owns and reuses, valid during the call that gets it.
@API(status = STABLE, since = "0.1")
public interface ConversionRequest {
    /// The address of a request that was made by store offset: it need not be bound anywhere.
    long NO_GPA = -1;

    /// First byte in the guest's address space, without the tag, or [#NO_GPA].
    long gpa();

    /// The store, for a request that was made by store offset; else null.
    @Nullable
    GuestMemoryStore store();

    /// First byte in [#store()]; 0 for a request by guest address.
    long storeOffset();

    /// Length in bytes, a multiple of 4096.
    long bytes();

    /// What the range is to become.
    MemoryKind target();

    /// What made it be asked for.
    ConversionOrigin origin();

    /// The vCPU that asks, -1 if none.
    int vcpu();
}
