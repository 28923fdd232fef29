/// EL2's calls as a table of operations, and what tests need beyond them.
@NullMarked
package org.enclosure.pkvm.ops;

import org.jspecify.annotations.NullMarked;
