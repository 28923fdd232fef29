package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// A range of guest addresses.
///
/// @param gpa first byte, a multiple of 4096, without the tag
/// @param bytes length, a positive multiple of 4096
@API(status = EXPERIMENTAL, since = "0.1")
public record PageRange(long gpa, long bytes) {
}
