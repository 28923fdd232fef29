/// The payload of a VM, and a transcript of what was loaded: pKVM has no architectural measurement.
@NullMarked
package org.enclosure.pkvm.launch;

import org.jspecify.annotations.NullMarked;
