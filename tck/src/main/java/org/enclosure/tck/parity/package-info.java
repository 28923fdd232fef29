/// Parity: a plugin's host code reaches its machine through the operations that the machine lists, and through nothing else. Which method
/// of the machine is which operation is the plugin's own table to say, [org.enclosure.tck.plugin.MachineTable].
///
/// ```
/// MachineSurface    reads the class files: what the rest of the plugin calls of the machine, and which of it changes state
/// RecordingLoader   the plugin loaded anew, with a recorder in the methods of the table
/// Recorder          what they call; Recording keeps it, Replay gives it to the operations of a bare machine
/// TableImage        all frames of a machine, as they can be compared
/// ```
///
/// Production code has no hook for any of it.
@NullMarked
package org.enclosure.tck.parity;

import org.jspecify.annotations.NullMarked;
