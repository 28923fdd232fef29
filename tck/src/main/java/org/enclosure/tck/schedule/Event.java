package org.enclosure.tck.schedule;

import org.jspecify.annotations.Nullable;

/// One step of the invalidate protocol, as the engine made it.
///
/// @param thread who made it
/// @param domain the numbering of pages that it belongs to; an identity
/// @param holder whose marks or translations it is about, or null; an identity
/// @param step method and word or called method: `begin.RANGE_START`, `resolve>allocate`
/// @param first its first number, for example the first page of a range; -1 for none
/// @param second its second number; -1 for none
/// @param flag its first `int` or `boolean`; -1 for none
public record Event(int thread, Object domain, @Nullable Object holder, String step, long first, long second,
        int flag) {
}
