/// The published vectors of SEV-SNP against the plugin.
@NullMarked
package org.enclosure.cli.verify.snp;

import org.jspecify.annotations.NullMarked;
