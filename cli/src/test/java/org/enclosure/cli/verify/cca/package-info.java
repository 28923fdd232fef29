/// Tests of the CCA adapter.
@NullMarked
package org.enclosure.cli.verify.cca;

import org.jspecify.annotations.NullMarked;
