package org.enclosure.core.convert;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.api.policy.ConversionRequest;

/// The request as policies and participants see it. Owned by whoever asks, reused.
public final class RequestView implements ConversionRequest {
    private long gpa;
    private long bytes;
    private MemoryKind target = MemoryKind.SHARED;
    private ConversionOrigin origin = ConversionOrigin.HOST;
    private int vcpu;

    /// Creates an empty view.
    public RequestView() {
    }

    /// Sets what is asked.
    public RequestView set(long newGpa, long newBytes, boolean toPrivate, ConversionOrigin newOrigin, int newVcpu) {
        gpa = newGpa;
        bytes = newBytes;
        target = MemoryKind.of(toPrivate);
        origin = newOrigin;
        vcpu = newVcpu;
        return this;
    }

    @Override
    public long gpa() {
        return gpa;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public MemoryKind target() {
        return target;
    }

    @Override
    public ConversionOrigin origin() {
        return origin;
    }

    @Override
    public int vcpu() {
        return vcpu;
    }

    @Override
    public String toString() {
        return "gpa 0x" + Long.toHexString(gpa) + ", 0x" + Long.toHexString(bytes) + " bytes, to " + target;
    }
}
