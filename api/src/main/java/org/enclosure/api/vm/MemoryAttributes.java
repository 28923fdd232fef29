package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.MemoryKind;

/// The one truth of which pages are private. Answers are exact at one moment of the call; they can be old when it returns.
@API(status = EXPERIMENTAL, since = "0.1")
public interface MemoryAttributes {
    /// The kind of the page at a gpa; shared where nothing backs it.
    MemoryKind kind(long gpa);

    /// Whether all pages of a range have the kind.
    boolean isUniform(long gpa, long bytes, MemoryKind kind);
}
