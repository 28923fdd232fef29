/// The adapter of `x86-tdx`: names and numbers of its vector files in, operations of the plugin out.
@NullMarked
package org.enclosure.cli.verify.tdx;

import org.jspecify.annotations.NullMarked;
