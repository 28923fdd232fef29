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
import org.jspecify.annotations.Nullable;

/// Pages changed their kind; its duration is how long the memory was under change, participants excepted.
@Name("org.enclosure.Conversion")
@Label("Conversion")
@Category("Enclosure")
@Description("Guest pages changed between private and shared")
@Enabled(false)
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class ConversionEvent extends Event {
    @Label("To Private") private boolean toPrivate;
    @Label("Pages")
    @Description("How many pages changed their kind") private long pages;
    @Label("Origin")
    @Description("Who asked for it") private String origin = "";

    private ConversionEvent() {
    }

    /// Starts to measure one, if somebody records them; else null.
    public static @Nullable ConversionEvent start() {
        if (!isOn()) {
            return null;
        }
        ConversionEvent event = new ConversionEvent();
        event.begin();
        return event;
    }

    /// Emits it.
    ///
    /// @param asked the name of who asked for it
    public void finish(boolean isToPrivate, long changed, String asked) {
        toPrivate = isToPrivate;
        pages = changed;
        origin = asked;
        commit();
    }

    private static boolean isOn() {
        return FlightRecorder.isInitialized() && Type.EVENT.isEnabled();
    }

    private static final class Type {
        private static final EventType EVENT = EventType.getEventType(ConversionEvent.class);

        private Type() {
        }
    }
}
