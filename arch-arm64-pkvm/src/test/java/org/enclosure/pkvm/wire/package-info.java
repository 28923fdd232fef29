/// Tests of the layouts.
@NullMarked
package org.enclosure.pkvm.wire;

import org.jspecify.annotations.NullMarked;
