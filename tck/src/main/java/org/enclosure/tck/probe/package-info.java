/// What a test measures of the JVM that it runs in.
@NullMarked
package org.enclosure.tck.probe;

import org.jspecify.annotations.NullMarked;
