/// What a search for plugins found: the [architectures][org.enclosure.core.plugin.FoundArchitecture] that can be used, and the
/// [findings][org.enclosure.core.plugin.Finding] about the others.
@NullMarked
package org.enclosure.core.plugin;

import org.jspecify.annotations.NullMarked;
