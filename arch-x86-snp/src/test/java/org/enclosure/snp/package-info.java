/// Tests of the plugin.
@NullMarked
package org.enclosure.snp;

import org.jspecify.annotations.NullMarked;
