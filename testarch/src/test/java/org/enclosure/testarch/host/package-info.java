/// Tests, driven bare.
@NullMarked
package org.enclosure.testarch.host;

import org.jspecify.annotations.NullMarked;
