package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// The operands and outputs of one invocation, by position in the operation's lists. Reusable.
@API(status = EXPERIMENTAL, since = "0.1")
public final class OperationCall {
    private static final byte[] NO_BYTES = {};

    private final long[] in;
    private final byte[][] inBytes;
    private final long[] out;
    private final byte[][] outBytes;

    /// Creates a call for an operation, all operands 0.
    public OperationCall(Operation operation) {
        in = new long[operation.in().size()];
        inBytes = new byte[in.length][];
        out = new long[operation.out().size()];
        outBytes = new byte[out.length][];
        java.util.Arrays.fill(inBytes, NO_BYTES);
        java.util.Arrays.fill(outBytes, NO_BYTES);
    }

    /// Operand `index`.
    public long in(int index) {
        return in[index];
    }

    /// Sets operand `index`.
    public void in(int index, long value) {
        in[index] = value;
    }

    /// Operand `index` of width 0. The array is the caller's own.
    public byte[] inBytes(int index) {
        return inBytes[index];
    }

    /// Sets operand `index` of width 0.
    public void inBytes(int index, byte[] value) {
        inBytes[index] = value;
    }

    /// Output `index`.
    public long out(int index) {
        return out[index];
    }

    /// Sets output `index`.
    public void out(int index, long value) {
        out[index] = value;
    }

    /// Output `index` of width 0.
    public byte[] outBytes(int index) {
        return outBytes[index];
    }

    /// Sets output `index` of width 0.
    public void outBytes(int index, byte[] value) {
        outBytes[index] = value;
    }
}
