/// Tests of scripts.
@NullMarked
package org.enclosure.cli.script;

import org.jspecify.annotations.NullMarked;
