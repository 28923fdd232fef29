package org.enclosure.api;

import static org.apiguardian.api.API.Status.STABLE;

import java.util.Locale;

import org.apiguardian.api.API;

/// What a guest page is at one moment.
@API(status = STABLE, since = "0.1")
public enum MemoryKind {
    /// Host, devices and guest reach it.
    SHARED,
    /// The guest alone reaches it.
    PRIVATE;

    /// The kind by its truth value.
    public static MemoryKind of(boolean isPrivate) {
        return isPrivate ? PRIVATE : SHARED;
    }

    /// Whether this is [#PRIVATE].
    public boolean isPrivate() {
        return this == PRIVATE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
