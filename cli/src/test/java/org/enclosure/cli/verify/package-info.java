/// Tests of the frame of `verify`.
@org.jspecify.annotations.NullMarked
package org.enclosure.cli.verify;
