/// Tests of the built-in platform, driven bare.
@NullMarked
package org.enclosure.software;

import org.jspecify.annotations.NullMarked;
