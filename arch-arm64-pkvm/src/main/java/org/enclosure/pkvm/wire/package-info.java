/// What guests and EL2 write and read: SMCCC function numbers, stage-2 descriptors, annotations, the record of a page, syndromes. One class per layout, with a picture.
@NullMarked
package org.enclosure.pkvm.wire;

import org.jspecify.annotations.NullMarked;
