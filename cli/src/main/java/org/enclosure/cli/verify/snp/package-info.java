/// Vectors of the architecture x86-snp: translated into operations of its plugin.
@NullMarked
package org.enclosure.cli.verify.snp;

import org.jspecify.annotations.NullMarked;
