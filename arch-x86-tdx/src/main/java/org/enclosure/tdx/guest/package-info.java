/// What a TDX guest does, in Linux's order.
@NullMarked
package org.enclosure.tdx.guest;

import org.jspecify.annotations.NullMarked;
