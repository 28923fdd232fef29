package org.enclosure.examples;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// What came of the run on one VM type.
///
/// @param id id of the architecture; `architecture/type` where the architecture has more than one confidential VM type
/// @param vmType id of the VM type
/// @param outcome OK if there is no failure
/// @param failures what was wrong, a sentence each
/// @param faults faults by outcome
/// @param exits exits by reason
/// @param conversions conversions
/// @param pages guest pages by state, in the architecture's own words, at the end of the run
/// @param attacks every attack, in the order in which they were made
/// @param measurement the launch measurement as the hardware would give it, or null where the architecture has none
/// @param transcript a digest of what was loaded, where there is no measurement, else null
/// @param seconds how long it took
public record ArchitectureReport(String id, String vmType, Outcome outcome, List<String> failures,
        Map<String, Long> faults,
        Map<String, Long> exits, ConversionReport conversions, Map<String, Long> pages, List<AttackReport> attacks,
        @Nullable MeasurementReport measurement, @Nullable TranscriptReport transcript, double seconds) {
    /// Copies the collections, keeping their order.
    public ArchitectureReport {
        failures = List.copyOf(failures);
        faults = Collections.unmodifiableMap(new LinkedHashMap<>(faults));
        exits = Collections.unmodifiableMap(new LinkedHashMap<>(exits));
        pages = Collections.unmodifiableMap(new LinkedHashMap<>(pages));
        attacks = List.copyOf(attacks);
    }
}
