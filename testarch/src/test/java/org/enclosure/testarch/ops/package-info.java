/// Tests, driven bare.
@NullMarked
package org.enclosure.testarch.ops;

import org.jspecify.annotations.NullMarked;
