package org.enclosure.cli.measure;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

import org.enclosure.cli.Escape;
import org.enclosure.cli.UnusableInput;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.jspecify.annotations.Nullable;

/// What is launched.
///
/// @param image the firmware's bytes; empty if there is none
/// @param items the steps in measured order, or null if the planner finds them in the image
/// @param options the plugin's options, by name
public record LaunchInputs(MemorySegment image, @Nullable List<LaunchItem> items, Map<String, String> options) {
    /// Copies the collections.
    public LaunchInputs {
        items = items == null ? null : List.copyOf(items);
        options = Map.copyOf(options);
    }

    /// Measures the launch.
    ///
    /// @throws UnusableInput if the plugin cannot use the image or an option
    public LaunchResult measure(LaunchPlanner planner) {
        try {
            List<LaunchItem> steps = items == null ? planner.plan(image, options) : items;
            return planner.measure(steps, image, options);
        } catch (IllegalArgumentException e) {
            throw new UnusableInput(Escape.visible(String.valueOf(e.getMessage())), e);
        }
    }

    /// The same with other options.
    LaunchInputs with(Map<String, String> others) {
        return new LaunchInputs(image, items, others);
    }
}
