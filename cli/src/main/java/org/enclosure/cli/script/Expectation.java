package org.enclosure.cli.script;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;

/// One comparison after an execution. Both sides are shown as hex, a status with its name.
sealed interface Expectation {
    /// The name that scripts use for the operation's answer.
    String STATUS = "status";

    /// The name of what is compared.
    String output();

    /// The expected side as text.
    String expected();

    /// The observed side as text.
    String actual(long status, OperationCall call);

    /// Whether the two sides are equal.
    boolean holds(long status, OperationCall call);

    /// The operation's answer.
    record StatusIs(long value, List<Operation.StatusName> names) implements Expectation {
        @Override
        public String output() {
            return STATUS;
        }

        @Override
        public String expected() {
            return show(value);
        }

        @Override
        public String actual(long status, OperationCall call) {
            return show(status);
        }

        @Override
        public boolean holds(long status, OperationCall call) {
            return status == value;
        }

        private String show(long status) {
            for (Operation.StatusName name : names) {
                if (name.value() == status) {
                    return hex(status) + " (" + name.name() + ")";
                }
            }
            return hex(status);
        }
    }

    /// A numeric output.
    record NumberIs(String output, int index, long value) implements Expectation {
        @Override
        public String expected() {
            return hex(value);
        }

        @Override
        public String actual(long status, OperationCall call) {
            return hex(call.out(index));
        }

        @Override
        public boolean holds(long status, OperationCall call) {
            return call.out(index) == value;
        }
    }

    /// An output of bytes; the array belongs to the step.
    @SuppressWarnings("ArrayRecordComponent") // never compared as a record
    record BytesAre(String output, int index, byte[] value) implements Expectation {
        @Override
        public String expected() {
            return HexFormat.of().formatHex(value);
        }

        @Override
        public String actual(long status, OperationCall call) {
            return HexFormat.of().formatHex(call.outBytes(index));
        }

        @Override
        public boolean holds(long status, OperationCall call) {
            return Arrays.equals(value, call.outBytes(index));
        }
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
