/// The machine's operations by their real names: a table, a line each.
@NullMarked
package org.enclosure.tdx.ops;

import org.jspecify.annotations.NullMarked;
