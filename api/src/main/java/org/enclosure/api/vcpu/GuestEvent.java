package org.enclosure.api.vcpu;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// Exceptions that a guest can get from its memory, in neutral words. `int` constants, because they travel on the fault path.
@API(status = EXPERIMENTAL, since = "0.1")
public final class GuestEvent {
    /// No event.
    public static final int NONE = 0;
    /// The page is there but the guest has not accepted it.
    public static final int UNACCEPTED = 1;
    /// The access is aborted: the guest gave the page away or the architecture forbids it.
    public static final int ABORT = 2;
    /// An ordinary page fault: a permission is missing.
    public static final int FAULT = 3;

    private static final String[] NAMES = {"none", "unaccepted", "abort", "fault"};

    private GuestEvent() {
    }

    /// The event in a word.
    public static String name(int event) {
        return event >= 0 && event < NAMES.length ? NAMES[event] : "event " + event;
    }
}
