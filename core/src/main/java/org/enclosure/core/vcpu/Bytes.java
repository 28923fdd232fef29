package org.enclosure.core.vcpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian words in byte arrays.
final class Bytes {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private Bytes() {
    }

    static long getLong(byte[] array, int offset) {
        return (long) LONG.get(array, offset);
    }

    static void putLong(byte[] array, int offset, long value) {
        LONG.set(array, offset, value);
    }
}
