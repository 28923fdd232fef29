package org.enclosure.cca.machine;

import java.util.List;

/// Physical address spaces, numbered as the granule protection table holds them (Arm ARM, GPT entries).
public final class Pas {
    /// No access at all.
    public static final int NONE = 0x0;
    /// Secure.
    public static final int SECURE = 0x8;
    /// Non-secure: the host's.
    public static final int NS = 0x9;
    /// Root: EL3's.
    public static final int ROOT = 0xa;
    /// Realm.
    public static final int REALM = 0xb;
    /// Any access.
    public static final int ANY = 0xf;

    /// The numbers above.
    public static final List<Integer> ALL = List.of(NONE, SECURE, NS, ROOT, REALM, ANY);

    private Pas() {
    }
}
