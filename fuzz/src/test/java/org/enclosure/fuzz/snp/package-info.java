/// Hostile guests of SEV-SNP and SEV-ES.
@NullMarked
package org.enclosure.fuzz.snp;

import org.jspecify.annotations.NullMarked;
