/// Layouts and numbers that realm, host and RMM exchange, one class each.
@NullMarked
package org.enclosure.cca.wire;

import org.jspecify.annotations.NullMarked;
