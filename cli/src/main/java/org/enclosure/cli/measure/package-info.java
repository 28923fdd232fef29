/// `measure`: the digest of a launch with given inputs, without a machine.
///
/// Options reach the plugin's planner as names and values; it alone knows what they mean and which are legal.
@NullMarked
package org.enclosure.cli.measure;

import org.jspecify.annotations.NullMarked;
