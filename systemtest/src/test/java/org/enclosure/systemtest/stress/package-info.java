/// The stress of the whole engine: vCPUs access tagged words while their pages are converted, punched and handed to others, and
/// every access through a translation that should be gone is a failure. Mutants show that it would be found.
///
/// A plugin in between ([WatchedProvider]) is where the test looks inside: it is called when pages are about to be unmapped, and
/// when the engine believes that nobody reaches them any longer. Everything else goes through the API.
@NullMarked
package org.enclosure.systemtest.stress;

import org.jspecify.annotations.NullMarked;
