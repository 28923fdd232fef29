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

/// A huge mapping was split, because something changes in part of it.
@Name("org.enclosure.Split")
@Label("Mapping split")
@Category("Enclosure")
@Description("A huge mapping was split")
@Enabled(false)
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class SplitEvent extends Event {
    @Label("Page")
    @Description("Guest frame number inside of the mapping") private long gfn;
    @Label("Level")
    @Description("The level of the mappings afterwards; 1 is 4K") private int level;

    private SplitEvent() {
    }

    /// Emits one, if somebody records them.
    ///
    /// @param level the level of the mappings afterwards; 1 is 4K
    public static void emit(long gfn, int level) {
        if (isOn()) {
            SplitEvent event = new SplitEvent();
            event.gfn = gfn;
            event.level = level;
            event.commit();
        }
    }

    private static boolean isOn() {
        return FlightRecorder.isInitialized() && Type.EVENT.isEnabled();
    }

    private static final class Type {
        private static final EventType EVENT = EventType.getEventType(SplitEvent.class);

        private Type() {
        }
    }
}
