/// Rules of the structure, over all modules.
@NullMarked
package org.enclosure.systemtest.structure;

import org.jspecify.annotations.NullMarked;
