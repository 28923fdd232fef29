/// Finds the providers of architectures and judges them before anything of them is used (rules LOAD-1 to LOAD-3 of
/// [org.enclosure.spi]).
///
/// `ServiceLoader` does not show a provider that is declared in the wrong one of its two places, and says nothing. So the
/// declarations are read beside it, without loading a class, and both are compared: nothing that was declared vanishes
/// without a finding.
@NullMarked
package org.enclosure.core.loading;

import org.jspecify.annotations.NullMarked;
