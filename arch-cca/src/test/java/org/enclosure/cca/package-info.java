/// Tests of the plugin as a whole.
@NullMarked
package org.enclosure.cca;

import org.jspecify.annotations.NullMarked;
