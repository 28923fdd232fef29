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

/// Every holder dropped its translations of a range; its duration is how long that took.
@Name("org.enclosure.Shootdown")
@Label("Translation shootdown")
@Category("Enclosure")
@Description("All translations of a range were dropped")
@Enabled(false)
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class ShootdownEvent extends Event {
    @Label("First Page") private long start;
    @Label("Pages") private long pages;
    @Label("Barrier")
    @Description("Whether the process-wide barrier was needed") private boolean barrier;

    private ShootdownEvent() {
    }

    /// Starts to measure one, if somebody records them; else null.
    public static @Nullable ShootdownEvent start() {
        if (!isOn()) {
            return null;
        }
        ShootdownEvent event = new ShootdownEvent();
        event.begin();
        return event;
    }

    /// Emits it.
    ///
    /// @param first the first page
    /// @param wasNeeded whether the process-wide barrier was needed
    public void finish(long first, long npages, boolean wasNeeded) {
        start = first;
        pages = npages;
        barrier = wasNeeded;
        commit();
    }

    private static boolean isOn() {
        return FlightRecorder.isInitialized() && Type.EVENT.isEnabled();
    }

    private static final class Type {
        private static final EventType EVENT = EventType.getEventType(ShootdownEvent.class);

        private Type() {
        }
    }
}
