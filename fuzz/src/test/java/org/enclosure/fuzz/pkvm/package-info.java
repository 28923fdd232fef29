/// Guests of arm64 pKVM, and its host.
@NullMarked
package org.enclosure.fuzz.pkvm;

import org.jspecify.annotations.NullMarked;
