package org.enclosure.core.convert;

import java.util.List;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.store.GuestMemoryStore;
import org.jspecify.annotations.Nullable;

/// The request as policies and participants see it. Owned by whoever asks, reused.
public final class RequestView implements ConversionRequest {
    private long gpa;
    private long bytes;
    private MemoryKind target = MemoryKind.SHARED;
    private ConversionOrigin origin = ConversionOrigin.HOST;
    private int vcpu;
    private @Nullable GuestMemoryStore store;
    private long storeOffset;
    private boolean settles;
    private boolean coversHoles;
    private boolean held;
    private long errorOffset;
    private List<String> holders = List.of();

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
        store = null;
        storeOffset = 0;
        settles = false;
        coversHoles = false;
        held = false;
        errorOffset = GuestMemoryException.NO_OFFSET;
        holders = List.of();
        return this;
    }

    /// Makes it a request by store offset.
    public RequestView of(GuestMemoryStore newStore, long newOffset) {
        store = newStore;
        storeOffset = newOffset;
        return this;
    }

    @Override
    public @Nullable GuestMemoryStore store() {
        return store;
    }

    @Override
    public long storeOffset() {
        return storeOffset;
    }

    /// Makes it a request that sets kinds where there is no slot too, if the VM keeps them by guest address.
    public RequestView coveringHoles() {
        coversHoles = true;
        return this;
    }

    boolean coversHoles() {
        return coversHoles;
    }

    /// Makes it a request that was put off: it holds as long as its pages are pending.
    RequestView settling() {
        settles = true;
        return this;
    }

    boolean settles() {
        return settles;
    }

    /// Remembers why it was refused.
    void refuse(GuestMemoryException refusal) {
        held = refusal.errno() == Errno.EAGAIN;
        errorOffset = refusal.errorOffset();
        holders = refusal.holders();
    }

    /// Whether it was refused because somebody holds a page or vetoes: trying again may help.
    public boolean isHeld() {
        return held;
    }

    /// After a refusal: bytes to the first page that stands in the way.
    public long errorOffset() {
        return errorOffset;
    }

    /// After a refusal: who holds that page.
    public List<String> holders() {
        return holders;
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
        return (store == null ? "gpa 0x" + Long.toHexString(gpa) : "offset 0x" + Long.toHexString(storeOffset)) + ", 0x"
                + Long.toHexString(bytes) + " bytes, to " + target;
    }
}
