package org.enclosure.examples;

/// A digest of what was loaded, on an architecture that does not measure.
///
/// @param algorithm name of the digest
/// @param digest the digest in lower-case hex
/// @param note what it is not
public record TranscriptReport(String algorithm, String digest, String note) {
    /// What every transcript has to say.
    public static final String NOTE = "not an architectural measurement";
}
