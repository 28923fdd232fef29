/// Tests of the example guests.
@NullMarked
package org.enclosure.examples;

import org.jspecify.annotations.NullMarked;
