/// Tests, driven bare.
@NullMarked
package org.enclosure.testarch.guest;

import org.jspecify.annotations.NullMarked;
