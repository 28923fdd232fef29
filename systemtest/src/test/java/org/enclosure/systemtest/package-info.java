/// Tests of the whole.
@NullMarked
package org.enclosure.systemtest;

import org.jspecify.annotations.NullMarked;
