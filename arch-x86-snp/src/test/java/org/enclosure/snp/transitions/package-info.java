/// All states of a page and what each operation makes of them: the rows of `rmp-transitions.csv`.
@NullMarked
package org.enclosure.snp.transitions;

import org.jspecify.annotations.NullMarked;
