/// What the engine should know of every page, kept by code that is too simple to be wrong: kind, owner, frame and content. It is
/// told what was asked for and what the documentation promises, never what the engine did.
@NullMarked
package org.enclosure.tck.oracle;

import org.jspecify.annotations.NullMarked;
