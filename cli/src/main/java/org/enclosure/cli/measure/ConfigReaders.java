package org.enclosure.cli.measure;

import java.util.List;

import org.enclosure.cli.Escape;
import org.enclosure.cli.UnusableInput;

/// All readers of configuration files: one line an architecture.
public final class ConfigReaders {
    private static final List<ConfigReader> ALL = List.of(new CcaConfig());

    private ConfigReaders() {
    }

    /// The reader of an architecture.
    ///
    /// @throws UnusableInput if its launch is not described by a file
    public static ConfigReader find(String architecture) {
        for (ConfigReader reader : ALL) {
            if (reader.architecture().equals(architecture)) {
                return reader;
            }
        }
        throw new UnusableInput("--config is not for --arch " + Escape.quote(architecture) + "; give --firmware");
    }
}
