package org.enclosure.core.plugin;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/// One thing that is wrong with a plugin, or with the place where plugins were looked for.
///
/// @param severity whether the plugin is unusable because of it
/// @param architecture the id that the provider claims; null where it is not known, because the provider could not be asked
/// @param location the jar, folder or module in question
/// @param message one line: what is wrong, where, with which value, and what would be legal
@API(status = EXPERIMENTAL, since = "0.1")
public record Finding(Severity severity, @Nullable String architecture, String location, String message) {
    /// What a finding means for the plugin.
    @API(status = EXPERIMENTAL, since = "0.1")
    public enum Severity {
        /// The plugin is not offered.
        ERROR,
        /// The plugin is offered; its author should act.
        WARNING
    }
}
