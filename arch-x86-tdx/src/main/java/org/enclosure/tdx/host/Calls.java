package org.enclosure.tdx.host;

import org.enclosure.tdx.machine.LeafCall;

/// The working storage of the calling thread for one leaf; no caller keeps it over another leaf.
final class Calls {
    private static final ThreadLocal<LeafCall> CALL = ThreadLocal.withInitial(LeafCall::new);

    private Calls() {
    }

    static LeafCall own() {
        return CALL.get();
    }
}
