/// Tests over all exported types of the module.
@NullMarked
package org.enclosure;

import org.jspecify.annotations.NullMarked;
