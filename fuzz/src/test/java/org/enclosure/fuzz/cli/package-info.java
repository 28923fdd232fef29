/// Command lines, and every file that the command reads.
@NullMarked
package org.enclosure.fuzz.cli;

import org.jspecify.annotations.NullMarked;
