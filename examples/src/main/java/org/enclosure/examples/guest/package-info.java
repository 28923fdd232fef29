/// The guest `boot` in its parts: small programs that reach the world through a [GuestCpu][org.enclosure.api.vcpu.GuestCpu]
/// alone, the memory map that they agree on with their VMM, and the data that they write.
///
/// A program never throws because something is wrong; it writes down what it found in its [Findings], and the VMM reads that
/// when the program has returned.
@NullMarked
package org.enclosure.examples.guest;

import org.jspecify.annotations.NullMarked;
