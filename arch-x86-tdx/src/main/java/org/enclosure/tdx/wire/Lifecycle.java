package org.enclosure.tdx.wire;

/// The life of a TD as its root page keeps it.
public final class Lifecycle {
    /// A private key number is assigned.
    public static final int HKID_ASSIGNED = 0;
    /// The key is configured; the TD can be used.
    public static final int KEYS_CONFIGURED = 1;
    /// No vCPU can be entered any more.
    public static final int BLOCKED = 2;
    /// The key number is free again; pages can be reclaimed.
    public static final int TEARDOWN = 3;

    private Lifecycle() {
    }
}
