package org.enclosure.snp.machine;

import org.enclosure.snp.launch.LaunchDigest;

/// What the firmware knows of one guest; in hardware it is kept, encrypted, in the guest's context page. Guarded by itself.
final class GuestContext {
    /// State: created.
    static final int INIT = 0;
    /// State: being launched.
    static final int LAUNCH = 1;
    /// State: may run.
    static final int RUNNING = 2;

    int state = INIT;
    long policy;
    /// Whether only pages of the initial migration image are taken.
    boolean imi;
    /// 0 until the guest is activated.
    long asid;
    LaunchDigest digest = new LaunchDigest();
}
