/// Tests of the adapter of `x86-tdx`.
@NullMarked
package org.enclosure.cli.verify.tdx;

import org.jspecify.annotations.NullMarked;
