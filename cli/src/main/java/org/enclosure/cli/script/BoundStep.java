package org.enclosure.cli.script;

import java.util.List;

import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;

/// A step whose names and widths are known to be right.
///
/// @param number position in the file, from 1
/// @param operation the operation
/// @param operands one per operand of the operation, in its order
/// @param repeat how often it is executed
/// @param expectations what is compared after each execution, in the order of the file
record BoundStep(int number, Operation operation, List<Operand> operands, long repeat, List<Expectation> expectations) {
    /// Copies the lists.
    BoundStep {
        operands = List.copyOf(operands);
        expectations = List.copyOf(expectations);
    }

    /// A call with the operands of one execution.
    ///
    /// @param repetition from 0
    OperationCall call(long repetition) {
        OperationCall call = new OperationCall(operation);
        for (int i = 0; i < operands.size(); i++) {
            operands.get(i).putInto(call, i, repetition);
        }
        return call;
    }

    /// The value of one operand.
    sealed interface Operand {
        /// Sets operand `index` of a call.
        void putInto(OperationCall call, int index, long repetition);
    }

    /// A number that may grow from one execution to the next.
    record NumberOperand(long value, long stride) implements Operand {
        @Override
        public void putInto(OperationCall call, int index, long repetition) {
            call.in(index, value + stride * repetition);
        }
    }

    /// Bytes; the array belongs to the step.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record BytesOperand(byte[] value) implements Operand {
        @Override
        public void putInto(OperationCall call, int index, long repetition) {
            call.inBytes(index, value.clone());
        }
    }
}
