/// Scripts: steps that name a platform's own operations, run on a bare machine without the engine.
///
/// The way of a file: [ScriptReader] (text to values, knows no architecture) → [Binder] (names and widths against the
/// platform's operations) → [ScriptRunner]. Whatever can be said before the first operation runs is said by the first two,
/// as [UnusableInput][org.enclosure.cli.UnusableInput].
@NullMarked
package org.enclosure.cli.script;

import org.jspecify.annotations.NullMarked;
