/// Tests of the guest drivers.
@NullMarked
package org.enclosure.snp.guest;

import org.jspecify.annotations.NullMarked;
