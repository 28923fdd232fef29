/// For embedders with a Guice injector: [EnclosureModule][org.enclosure.core.boot.EnclosureModule]. The rest of the engine
/// does not know Guice; without an injector, start at [GuestMemorySystem][org.enclosure.core.GuestMemorySystem].
@NullMarked
package org.enclosure.core.boot;

import org.jspecify.annotations.NullMarked;
