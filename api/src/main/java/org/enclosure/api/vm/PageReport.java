package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.MemoryKind;

/// What is known of one guest page.
///
/// @param gpa its address
/// @param kind its attribute
/// @param state the state in the architecture's tables, in its own words
/// @param pa host physical address of the page behind it, or -1 if none is allocated
/// @param order order of the folio that the page is part of
@API(status = EXPERIMENTAL, since = "0.1")
public record PageReport(long gpa, MemoryKind kind, String state, long pa, int order) {
}
