/// The `enclosure` command: command lines in, tables or JSON out.
///
/// One class per command, all built by [org.enclosure.cli.Main]; what they share is given to their constructors. Exit
/// status: 0 good, 1 it ran and the result is bad, 2 what was given cannot be used, so nothing was run and standard output
/// is empty. JSON, plugins and Guice are touched only by commands that need them, so that help is quick.
@NullMarked
package org.enclosure.cli;

import org.jspecify.annotations.NullMarked;
