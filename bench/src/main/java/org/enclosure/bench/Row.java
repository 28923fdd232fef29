package org.enclosure.bench;

import org.jspecify.annotations.Nullable;

/// One line of the table, before it is measured.
///
/// @param name for the command line
/// @param what for people
/// @param unit of figure, floor and target
/// @param figure what is measured
/// @param floor what it cannot be better than, null if there is no such thing
/// @param target what it has to reach, null if nothing was promised
record Row(String name, String what, String unit, Figure figure, @Nullable Figure floor, @Nullable Target target) {
}
