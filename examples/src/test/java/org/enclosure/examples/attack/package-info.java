/// Tests of the example guests.
@NullMarked
package org.enclosure.examples.attack;

import org.jspecify.annotations.NullMarked;
