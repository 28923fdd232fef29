/// Tests, driven bare.
@NullMarked
package org.enclosure.testarch.machine;

import org.jspecify.annotations.NullMarked;
