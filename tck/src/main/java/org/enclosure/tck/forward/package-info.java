/// A plugin around another one: everything is the other's, but what a subclass wants to see or to change.
@NullMarked
package org.enclosure.tck.forward;

import org.jspecify.annotations.NullMarked;
