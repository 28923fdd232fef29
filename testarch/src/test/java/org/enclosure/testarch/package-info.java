/// Tests, driven bare.
@NullMarked
package org.enclosure.testarch;

import org.jspecify.annotations.NullMarked;
