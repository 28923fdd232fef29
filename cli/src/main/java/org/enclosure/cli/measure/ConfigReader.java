package org.enclosure.cli.measure;

import java.nio.file.Path;
import java.util.Map;

/// Reads the configuration file of one architecture's launch into inputs. Only translates: what the values mean and which are
/// legal, the plugin says.
public interface ConfigReader {
    /// The id of the architecture.
    String architecture();

    /// Reads a file.
    ///
    /// @param options those of the command line; they win
    /// @throws org.enclosure.cli.UnusableInput if it cannot be read or parsed, or names something unknown
    LaunchInputs read(Path file, Map<String, String> options);
}
