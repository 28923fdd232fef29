/// Tests of the command, in this JVM.
@NullMarked
package org.enclosure.cli;

import org.jspecify.annotations.NullMarked;
