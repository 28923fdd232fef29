/// The engine's entry point.
@NullMarked
package org.enclosure.core;

import org.jspecify.annotations.NullMarked;
