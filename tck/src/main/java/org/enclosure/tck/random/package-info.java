/// The seeded random driver: everything that guests, a VMM and a host can do, legal and illegal, one step after the other, compared
/// with the oracle after each.
@NullMarked
package org.enclosure.tck.random;

import org.jspecify.annotations.NullMarked;
