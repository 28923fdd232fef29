package org.enclosure.examples;

import java.util.function.UnaryOperator;

import org.enclosure.examples.attack.ExpectedOutcomes;
import org.enclosure.examples.machine.EchoDevice;

/// The parts of a run that a test replaces, to see that a run finds out.
///
/// @param echo what the echo device answers
/// @param expected turns the outcomes that are written down into those that are compared with
record RunParts(UnaryOperator<byte[]> echo, UnaryOperator<ExpectedOutcomes> expected) {
    /// The parts of every real run.
    static final RunParts REAL = new RunParts(EchoDevice.FAITHFUL, UnaryOperator.identity());
}
