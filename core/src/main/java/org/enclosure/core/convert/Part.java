package org.enclosure.core.convert;

import org.enclosure.api.Paging;
import org.enclosure.core.attr.AttributeMap;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.jspecify.annotations.Nullable;

/// A stretch of pages that one slot, or one unbound stretch of a store, covers: a piece of a change. Reused.
final class Part {
    /// The gfn of a stretch that is bound nowhere.
    static final long UNBOUND = -1;

    long gfn;
    long pages;
    /// Pages from the start of what was asked for, holes counted.
    long offset;
    @Nullable AttributeMap attributes;
    long attributeStart;
    @Nullable MemoryObject privateObject;
    long privateStart;
    @Nullable MemoryObject sharedObject;
    long sharedStart;
    /// How many pages `block` found in the guest's reach; valid from there on.
    long blocked;

    void set(SlotEntry slot, long newGfn, long newPages) {
        gfn = newGfn;
        pages = newPages;
        attributes = slot.attributes();
        attributeStart = slot.attributeIndex(newGfn);
        PageBacking half = slot.half(true);
        privateObject = half == null ? null : half.object();
        privateStart = half == null ? 0 : half.base() + newGfn - slot.baseGfn();
        half = slot.half(false);
        sharedObject = half == null ? null : half.object();
        sharedStart = half == null ? 0 : half.base() + newGfn - slot.baseGfn();
    }

    void set(MemoryObject store, long start, long newPages) {
        gfn = UNBOUND;
        pages = newPages;
        attributes = store.kinds();
        attributeStart = start;
        privateObject = store;
        privateStart = start;
        sharedObject = store;
        sharedStart = start;
    }

    /// gfns without a slot, whose kinds the VM keeps.
    void setHole(long start, long newPages, AttributeMap kinds) {
        gfn = UNBOUND;
        pages = newPages;
        attributes = kinds;
        attributeStart = start;
        privateObject = null;
        privateStart = start;
        sharedObject = null;
        sharedStart = start;
    }

    boolean isBound() {
        return gfn != UNBOUND;
    }

    /// The gfn at an offset of the part, or [#UNBOUND].
    long gfnAt(long offset) {
        return isBound() ? gfn + offset : UNBOUND;
    }

    long endGfn() {
        return gfn + pages;
    }

    boolean isInPlace() {
        return privateObject == sharedObject;
    }

    @Nullable
    MemoryObject object(boolean isPrivate) {
        return isPrivate ? privateObject : sharedObject;
    }

    long start(boolean isPrivate) {
        return isPrivate ? privateStart : sharedStart;
    }

    boolean isUniform(boolean isPrivate) {
        return attributes == null ? !isPrivate
                : attributes.isUniform(attributeStart, attributeStart + pages, isPrivate);
    }

    /// Whether the page at an offset of the part is private.
    boolean isPrivateAt(long offset) {
        return attributes != null && attributes.isPrivate(attributeStart + offset);
    }

    /// The end of the stretch of one kind that starts at an offset of the part.
    long kindRunEnd(long offset) {
        return attributes == null ? pages
                : attributes.runEnd(attributeStart + offset, attributeStart + pages) - attributeStart;
    }

    /// How many pages are of a kind.
    long count(boolean isPrivate) {
        long count = 0;
        for (long at = 0; at < pages;) {
            long runEnd = kindRunEnd(at);
            count += isPrivateAt(at) == isPrivate ? runEnd - at : 0;
            at = runEnd;
        }
        return count;
    }

    @Override
    public String toString() {
        return isBound() ? "gpa 0x" + Long.toHexString(gfn << Paging.PAGE_SHIFT)
                : "offset 0x" + Long.toHexString(privateStart << Paging.PAGE_SHIFT);
    }
}
