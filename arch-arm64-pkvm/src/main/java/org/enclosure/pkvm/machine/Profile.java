package org.enclosure.pkvm.machine;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whose EL2 the machine has. Kernels differ in what they can do, never in what a page state means.
public enum Profile {
    /// Mainline up to 6.18: unprotected VMs only; a host that touches a page of EL2 panics the machine.
    V6_18("6.18", false, false, false, false),
    /// Mainline 7.1: protected VMs; the host may take a page by force.
    V7_1("7.1", true, true, false, false),
    /// Android 16: protected VMs; guests can relinquish pages and share ranges.
    ANDROID16("android16", true, false, true, true),
    /// 7.1 with Android's relinquish: no kernel, but what a run through all states needs.
    UNION("union", true, true, true, false);

    private final String id;
    private final boolean isProtecting;
    private final boolean isForcing;
    private final boolean isRelinquishing;
    private final boolean isAndroid;

    Profile(String id, boolean isProtecting, boolean isForcing, boolean isRelinquishing, boolean isAndroid) {
        this.id = id;
        this.isProtecting = isProtecting;
        this.isForcing = isForcing;
        this.isRelinquishing = isRelinquishing;
        this.isAndroid = isAndroid;
    }

    /// The profile of a name.
    ///
    /// @throws IllegalArgumentException naming the legal ones
    public static Profile of(String name) {
        for (Profile profile : values()) {
            if (profile.id.equals(name)) {
                return profile;
            }
        }
        throw new IllegalArgumentException("option profile=" + name + " is not legal; legal: "
                + Stream.of(values()).map(profile -> profile.id).collect(Collectors.joining(", ")));
    }

    /// The name.
    public String id() {
        return id;
    }

    /// Whether there are protected VMs.
    public boolean isProtecting() {
        return isProtecting;
    }

    /// Whether the host can take a page of a running guest, which poisons it there; such a kernel also writes typed annotations.
    public boolean isForcing() {
        return isForcing;
    }

    /// Whether a guest can give pages back.
    public boolean isRelinquishing() {
        return isRelinquishing;
    }

    /// Whether share and unshare take ranges, and the other calls of Android are there.
    public boolean isAndroid() {
        return isAndroid;
    }

    /// Whether a host that touches what is not its own brings the machine down.
    public boolean isPanicking() {
        return this == V6_18;
    }

    @Override
    public String toString() {
        return id.toLowerCase(Locale.ROOT);
    }
}
