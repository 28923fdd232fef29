package org.enclosure.core.slot;

import org.enclosure.api.Paging;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.core.attr.AttributeMap;
import org.jspecify.annotations.Nullable;

/// One memslot, resolved to what a fault needs. Immutable.
public final class SlotEntry {
    private final Memslot memslot;
    private final long baseGfn;
    private final long endGfn;
    private final boolean readOnly;
    private final @Nullable PageBacking privateHalf;
    private final @Nullable PageBacking sharedHalf;
    private final @Nullable AttributeMap attributes;
    private final long attributeBase;
    private final @Nullable DirtyBitmap dirty;

    /// Creates an entry.
    ///
    /// @param privateHalf null if the slot has no private memory, or its store is gone
    /// @param sharedHalf null if the slot has no shared memory, or its mapping is gone
    /// @param attributes where the kinds of its pages are kept, null if all are shared
    /// @param attributeBase index of the slot's first page in `attributes`
    public SlotEntry(Memslot memslot, @Nullable PageBacking privateHalf, @Nullable PageBacking sharedHalf,
            @Nullable AttributeMap attributes, long attributeBase) {
        this(memslot, privateHalf, sharedHalf, attributes, attributeBase, null);
    }

    private SlotEntry(Memslot memslot, @Nullable PageBacking privateHalf, @Nullable PageBacking sharedHalf,
            @Nullable AttributeMap attributes, long attributeBase, @Nullable DirtyBitmap dirty) {
        this.dirty = dirty;
        this.memslot = memslot;
        this.privateHalf = privateHalf;
        this.sharedHalf = sharedHalf;
        this.attributes = attributes;
        this.attributeBase = attributeBase;
        baseGfn = memslot.gpa() >>> Paging.PAGE_SHIFT;
        endGfn = baseGfn + (memslot.bytes() >>> Paging.PAGE_SHIFT);
        readOnly = memslot.flags().contains(MemslotFlag.READONLY);
    }

    /// This entry with a record of writes, or without one.
    public SlotEntry logging(@Nullable DirtyBitmap log) {
        return new SlotEntry(memslot, privateHalf, sharedHalf, attributes, attributeBase, log);
    }

    /// Which pages were written; null if the slot does not log.
    public @Nullable DirtyBitmap dirty() {
        return dirty;
    }

    /// The slot as its creator described it.
    public Memslot memslot() {
        return memslot;
    }

    /// First gfn.
    public long baseGfn() {
        return baseGfn;
    }

    /// The gfn after the last.
    public long endGfn() {
        return endGfn;
    }

    /// Whether the guest cannot write.
    public boolean isReadOnly() {
        return readOnly;
    }

    /// Whether the guest cannot write a gfn of the slot, by the slot itself or by the host mapping through which it reaches
    /// the page.
    public boolean isWriteProtected(long gfn) {
        if (readOnly) {
            return true;
        }
        PageBacking half = half(isPrivate(gfn));
        return half != null && half.isRestricted()
                && (Math.max(half.permitted(half.base() + gfn - baseGfn), HostPermissions.NONE)
                        & HostPermissions.WRITE) == 0;
    }

    /// Whether a gfn lies in the slot.
    public boolean contains(long gfn) {
        return gfn >= baseGfn && gfn < endGfn;
    }

    /// Where the pages of a half come from; null if there is none.
    public @Nullable PageBacking half(boolean isPrivate) {
        return isPrivate ? privateHalf : sharedHalf;
    }

    /// Whether both halves are one page.
    public boolean isInPlace() {
        return privateHalf != null && sharedHalf != null && privateHalf.object() == sharedHalf.object();
    }

    /// Where the kinds are kept; null if all pages are shared.
    public @Nullable AttributeMap attributes() {
        return attributes;
    }

    /// The index of a gfn in the attribute map.
    public long attributeIndex(long gfn) {
        return gfn - baseGfn + attributeBase;
    }

    /// Whether a page is private.
    public boolean isPrivate(long gfn) {
        return attributes != null && attributes.isPrivate(attributeIndex(gfn));
    }

    /// The largest level, at most `limit`, at which a mapping of `gfn` lies in the slot, is aligned in `backing` too, and has
    /// one kind. A slot that logs, or whose host mapping does not permit everything, or one
    /// with failed memory, is mapped by 4K.
    public int mappingLevel(long gfn, PageBacking backing, int limit) {
        if (dirty != null || backing.isRestricted() || backing.object().poisonedPages() != 0) {
            return Paging.LEVEL_4K;
        }
        long shift = backing.base() - baseGfn;
        for (int level = limit; level > Paging.LEVEL_4K; level--) {
            long first = Paging.floor(gfn, level);
            if (Paging.isAligned(shift, level) && first >= baseGfn && first + Paging.pages(level) <= endGfn
                    && isUniform(gfn, level)) {
                return level;
            }
        }
        return Paging.LEVEL_4K;
    }

    private boolean isUniform(long gfn, int level) {
        if (attributes == null) {
            return true;
        }
        long first = attributeIndex(Paging.floor(gfn, level));
        boolean isPrivate = attributes.isPrivate(first);
        return Paging.isAligned(first, level) ? attributes.isUniform(first, level)
                : attributes.isUniform(first, first + Paging.pages(level), isPrivate);
    }
}
