/// Models of the engine's protocols, and its lock-free pieces, under model checkers.
@NullMarked
package org.enclosure.modelcheck;

import org.jspecify.annotations.NullMarked;
