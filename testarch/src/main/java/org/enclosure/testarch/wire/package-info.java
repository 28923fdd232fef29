/// What guests see of the architecture: instructions, results, layouts.
@NullMarked
package org.enclosure.testarch.wire;

import org.jspecify.annotations.NullMarked;
