package org.enclosure.pkvm.wire;

import java.util.List;

/// Who a page of the machine belongs to, as annotations say it.
public final class Owner {
    /// The host: no annotation.
    public static final int HOST = 0;
    /// The hypervisor at EL2.
    public static final int HYP = 1;
    /// A protected guest.
    public static final int GUEST = 2;

    /// The names, by value; the host's is that of no annotation.
    public static final List<String> NAMES = List.of("-", "HYP", "GUEST");

    private Owner() {
    }
}
