/// Tests of the example guests.
@NullMarked
package org.enclosure.examples.guest;

import org.jspecify.annotations.NullMarked;
