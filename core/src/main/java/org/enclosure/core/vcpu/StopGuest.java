package org.enclosure.core.vcpu;

import java.io.Serial;

/// Unwinds a guest program. One instance per vCPU, without a stack trace, so that stopping allocates nothing.
final class StopGuest extends Error {
    @Serial private static final long serialVersionUID = 1;

    StopGuest() {
        super("the vCPU was stopped; a guest program must let this pass", null, false, false);
    }
}
