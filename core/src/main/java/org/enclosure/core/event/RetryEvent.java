package org.enclosure.core.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A fault found that something changed meanwhile, and is tried again.
@Name("org.enclosure.Retry")
@Label("Fault retry")
@Category("Enclosure")
@Description("A fault met a change of memory and is tried again")
@Enabled(false)
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class RetryEvent extends Event {
    @Label("Page")
    @Description("Guest frame number") private long gfn;
    @Label("Waited")
    @Description("Whether the page was under invalidation, so that the fault waited for its end") private boolean waited;

    private RetryEvent() {
    }

    /// Emits one, if somebody records them.
    ///
    /// @param waited whether the page was under invalidation, so that the fault waited for its end
    public static void emit(long gfn, boolean waited) {
        if (isOn()) {
            RetryEvent event = new RetryEvent();
            event.gfn = gfn;
            event.waited = waited;
            event.commit();
        }
    }

    private static boolean isOn() {
        return FlightRecorder.isInitialized() && Type.EVENT.isEnabled();
    }

    private static final class Type {
        private static final EventType EVENT = EventType.getEventType(RetryEvent.class);

        private Type() {
        }
    }
}
