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

/// A vCPU left its guest for its VMM.
@Name("org.enclosure.Exit")
@Label("Guest exit")
@Category("Enclosure")
@Description("A vCPU left its guest for its VMM")
@Enabled(false)
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class ExitEvent extends Event {
    @Label("Reason")
    @Description("The exit reason") private String reason = "";
    @Label("Address")
    @Description("Guest physical address, or 0") private long gpa;

    private ExitEvent() {
    }

    /// Emits one, if somebody records them.
    ///
    /// @param reason the name of the exit reason
    /// @param gpa guest physical address, or 0
    public static void emit(String reason, long gpa) {
        if (isOn()) {
            ExitEvent event = new ExitEvent();
            event.reason = reason;
            event.gpa = gpa;
            event.commit();
        }
    }

    private static boolean isOn() {
        return FlightRecorder.isInitialized() && Type.EVENT.isEnabled();
    }

    private static final class Type {
        private static final EventType EVENT = EventType.getEventType(ExitEvent.class);

        private Type() {
        }
    }
}
