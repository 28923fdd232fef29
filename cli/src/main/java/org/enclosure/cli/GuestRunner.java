package org.enclosure.cli;

import org.enclosure.core.GuestMemorySystem;
import org.enclosure.examples.RunOptions;
import org.enclosure.examples.RunProgress;
import org.enclosure.examples.RunReport;

/// What `run` runs. A seam, so that the command's own part can be tested without a guest.
@FunctionalInterface
interface GuestRunner {
    /// Runs the guest.
    ///
    /// @throws org.enclosure.examples.UnusableInputException if the options cannot be used; then nothing was run
    RunReport run(GuestMemorySystem system, RunOptions options, RunProgress progress);
}
