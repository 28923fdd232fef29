/// `verify`: runs the cases of a vector file against a plugin.
///
/// The frame knows files, sections, cases and counts. One [VectorAdapter] per architecture translates: names and numbers in,
/// names and numbers out. An adapter computes no state, encoding, check, table or digest; all of that is the plugin's, and is
/// asked for through its operations.
@NullMarked
package org.enclosure.cli.verify;

import org.jspecify.annotations.NullMarked;
