/// How operations are written down: a line each, with operands, outputs, statuses and the section that defines them.
@NullMarked
package org.enclosure.snp.catalog;

import org.jspecify.annotations.NullMarked;
