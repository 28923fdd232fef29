package org.enclosure.snp.machine;

/// The name of a code that an instruction or a command answers.
///
/// @param name as the manuals write it
/// @param value the code
public record CodeName(String name, int value) {
}
