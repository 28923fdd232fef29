/// The machine: one method per operation, operands are physical addresses and numbers, answers are [Code]s. Its state is in
/// physical memory and in one table by frame number; it never allocates frames, knows no VM object, and never waits.
@NullMarked
package org.enclosure.testarch.machine;

import org.jspecify.annotations.NullMarked;
