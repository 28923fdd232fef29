package org.enclosure.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

import org.enclosure.spi.SpiVersion;
import picocli.CommandLine.IVersionProvider;

/// What `--version` prints. Built into the jar, so that it is also right when the classes run from a folder.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"enclosure " + number() + " (SPI " + SpiVersion.current() + ")"};
    }

    /// The version of this build.
    static String number() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            properties.load(Objects.requireNonNull(in, "version.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}
