/// Tests of explanations.
@org.jspecify.annotations.NullMarked
package org.enclosure.cli.measure;
