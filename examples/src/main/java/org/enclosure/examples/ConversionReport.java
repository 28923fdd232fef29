package org.enclosure.examples;

/// The conversions of one run.
///
/// @param explicit done because the guest asked by a call
/// @param implicit done because an access of the guest showed it
/// @param pages 4K pages that changed their kind
public record ConversionReport(long explicit, long implicit, long pages) {
}
