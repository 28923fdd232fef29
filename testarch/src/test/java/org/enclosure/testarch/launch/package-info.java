/// Tests, driven bare.
@NullMarked
package org.enclosure.testarch.launch;

import org.jspecify.annotations.NullMarked;
