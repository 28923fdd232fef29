package org.enclosure.cli.script;

import java.util.List;
import java.util.Map;

import org.enclosure.cli.Value;

/// A script as it was written.
///
/// @param arch id of the architecture
/// @param machine the machine to open
/// @param steps the steps
public record Script(String arch, MachineOptions machine, List<Step> steps) {
    /// Copies the list.
    public Script {
        steps = List.copyOf(steps);
    }

    /// One step; the maps keep the order of the file.
    ///
    /// @param number position in the file, from 1
    /// @param op name of the operation
    /// @param in operands by name
    /// @param out what is compared, by name; `status` is the operation's answer
    /// @param repeat how often it is executed, from 1
    /// @param stride what is added to operands from one execution to the next, by name
    /// @param note for people
    public record Step(int number, String op, Map<String, Value> in, Map<String, Value> out, long repeat,
            Map<String, Value> stride, String note) {
    }
}
