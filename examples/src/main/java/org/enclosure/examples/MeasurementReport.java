package org.enclosure.examples;

/// A launch measurement.
///
/// @param algorithm name of the digest
/// @param digest the digest in lower-case hex
public record MeasurementReport(String algorithm, String digest) {
}
