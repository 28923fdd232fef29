/// The machine's commands as a table, by their real names, with the environment and the inspection that vectors need.
@NullMarked
package org.enclosure.cca.ops;

import org.jspecify.annotations.NullMarked;
