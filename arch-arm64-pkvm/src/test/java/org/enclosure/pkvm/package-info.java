/// Tests of the plugin as the engine meets it.
@NullMarked
package org.enclosure.pkvm;

import org.jspecify.annotations.NullMarked;
