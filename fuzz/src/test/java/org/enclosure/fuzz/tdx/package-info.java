/// Guests of Intel TDX, and their host.
@NullMarked
package org.enclosure.fuzz.tdx;

import org.jspecify.annotations.NullMarked;
