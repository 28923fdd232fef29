/// Tests of the engine through the public API, on both kinds of half.
@NullMarked
package org.enclosure.core.vm;

import org.jspecify.annotations.NullMarked;
