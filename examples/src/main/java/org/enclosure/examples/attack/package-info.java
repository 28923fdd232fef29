/// What a hostile host and a hostile guest try, one class per idea, and what each has to get on each VM type.
///
/// An [Attack][org.enclosure.examples.attack.Attack] says what it observed; what it has to observe is written down apart from
/// it, in [ExpectedOutcomes][org.enclosure.examples.attack.ExpectedOutcomes], from the rules of the architecture.
@NullMarked
package org.enclosure.examples.attack;

import org.jspecify.annotations.NullMarked;
