/// What all fuzz targets share. A target is a test that is run with the inputs of its resource folder, or, with `JAZZER_FUZZ=1`, with
/// inputs that a fuzzer makes up.
@NullMarked
package org.enclosure.fuzz;

import org.jspecify.annotations.NullMarked;
