/// Example guests, and the three ways to embed Enclosure.
///
/// [BootRun][org.enclosure.examples.BootRun] is what `./enclosure run` calls: it boots the guest `boot` on every confidential
/// VM type that it finds, lets it work, attacks it, and says in a [RunReport][org.enclosure.examples.RunReport] what came of
/// it. The classes whose names begin with `Embed` are to be read: each is a whole small VMM.
@NullMarked
package org.enclosure.examples;

import org.jspecify.annotations.NullMarked;
