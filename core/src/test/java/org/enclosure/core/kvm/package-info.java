/// KVM's rules for guest-private memory, as its selftests and its mailing list state them, run on the engine.
@NullMarked
package org.enclosure.core.kvm;

import org.jspecify.annotations.NullMarked;
