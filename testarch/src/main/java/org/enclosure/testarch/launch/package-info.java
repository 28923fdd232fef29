/// What a launch consists of, and what it measures.
@NullMarked
package org.enclosure.testarch.launch;

import org.jspecify.annotations.NullMarked;
