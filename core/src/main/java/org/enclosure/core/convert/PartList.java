package org.enclosure.core.convert;

import java.util.Arrays;

import org.enclosure.core.attr.AttributeMap;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.slot.SlotTable;
import org.jspecify.annotations.Nullable;

/// The parts of one change, in order. Owned by the engine, filled under the mutation lock, reused.
final class PartList {
    private Part[] parts = {new Part()};
    private int size;
    private long asked;
    private Part[] aliases = {};
    private int aliasCount;

    int size() {
        return size;
    }

    Part get(int index) {
        return parts[index];
    }

    /// Pages that were asked for so far, holes counted.
    long asked() {
        return asked;
    }

    void clear() {
        size = 0;
        asked = 0;
        aliasCount = 0;
    }

    int aliasCount() {
        return aliasCount;
    }

    /// Another guest range that reaches pages of the parts.
    Part alias(int index) {
        return aliases[index];
    }

    /// Finds the other slots that reach the pages of the parts: of `only`, or of the parts' stores.
    void collectAliases(SlotTable slots, @Nullable MemoryObject only) {
        for (int i = 0; i < size; i++) {
            Part part = parts[i];
            MemoryObject object = only == null ? part.privateObject : only;
            if (part.isBound() && object != null) {
                long start = object == part.privateObject ? part.privateStart : part.sharedStart;
                collectAliases(slots, object, start, part.gfn, part.pages);
            }
        }
    }

    private void collectAliases(SlotTable slots, MemoryObject object, long start, long gfn, long pages) {
        for (int i = 0; i < slots.size(); i++) {
            SlotEntry slot = slots.entry(i);
            if (!isBackedBy(slot, object)) {
                continue;
            }
            long base = backing(slot, object).base();
            long first = Math.max(start, base);
            long last = Math.min(start + pages, base + slot.endGfn() - slot.baseGfn());
            long at = slot.baseGfn() + first - base;
            if (first < last && at != gfn + first - start) {
                nextAlias().set(slot, at, last - first);
            }
        }
    }

    private Part nextAlias() {
        if (aliasCount == aliases.length) {
            aliases = Arrays.copyOf(aliases, aliasCount + 1);
            aliases[aliasCount] = new Part();
        }
        return aliases[aliasCount++];
    }

    /// @param offset of the part in the range that is being added
    private Part next(long offset) {
        if (size == parts.length) {
            parts = Arrays.copyOf(parts, 2 * size);
            for (int i = size; i < parts.length; i++) {
                parts[i] = new Part();
            }
        }
        parts[size].offset = asked + offset;
        return parts[size++];
    }

    /// Splits a range of gfns at the ends of slots.
    ///
    /// @return the first gfn that no slot covers, or `end` if all are covered
    long collect(SlotTable slots, long start, long end) {
        clear();
        return add(slots, start, end);
    }

    /// The same, behind the parts that are there.
    long add(SlotTable slots, long start, long end) {
        long hole = end;
        int index = Math.max(0, slots.indexAtOrBefore(start));
        long at = start;
        for (; index < slots.size() && slots.entry(index).baseGfn() < end; index++) {
            SlotEntry slot = slots.entry(index);
            long first = Math.max(at, slot.baseGfn());
            long last = Math.min(end, slot.endGfn());
            if (first >= last) {
                continue;
            }
            hole = first > at ? Math.min(hole, at) : hole;
            next(first - start).set(slot, first, last - first);
            at = last;
        }
        asked += end - start;
        return at < end ? Math.min(hole, at) : hole;
    }

    /// The same, where the VM keeps the kinds: gfns without a slot are parts too.
    void collect(SlotTable slots, long start, long end, AttributeMap kinds) {
        clear();
        long at = start;
        for (int i = Math.max(0, slots.indexAtOrBefore(start)); at < end && i < slots.size(); i++) {
            SlotEntry slot = slots.entry(i);
            long first = Math.min(end, Math.max(at, slot.baseGfn()));
            long last = Math.min(end, slot.endGfn());
            if (first > at && first <= slot.baseGfn()) {
                next(at - start).setHole(at, first - at, kinds);
                at = first;
            }
            if (first < last) {
                next(first - start).set(slot, first, last - first);
                at = last;
            }
        }
        if (at < end) {
            next(at - start).setHole(at, end - at, kinds);
        }
        asked += end - start;
    }

    /// Splits a range of a store at the ends of the slots that are bound to it.
    void collect(SlotTable slots, MemoryObject store, long start, long end) {
        clear();
        add(slots, store, start, end);
    }

    /// The same, behind the parts that are there.
    void add(SlotTable slots, MemoryObject store, long start, long end) {
        for (long at = start; at < end;) {
            SlotEntry slot = boundAt(slots, store, at, end);
            if (slot == null) {
                next(at - start).set(store, at, end - at);
                break;
            }
            PageBacking half = backing(slot, store);
            long first = Math.max(at, half.base());
            if (first > at) {
                next(at - start).set(store, at, first - at);
            }
            long last = Math.min(end, half.base() + slot.endGfn() - slot.baseGfn());
            next(first - start).set(slot, slot.baseGfn() + first - half.base(), last - first);
            at = last;
        }
        asked += end - start;
    }

    /// The slot whose binding is the first to cover or follow a page of the store, before `end`.
    private static @Nullable SlotEntry boundAt(SlotTable slots, MemoryObject store, long at,
            long end) {
        SlotEntry best = null;
        long bestStart = end;
        for (int i = 0; i < slots.size(); i++) {
            SlotEntry slot = slots.entry(i);
            if (!isBackedBy(slot, store)) {
                continue;
            }
            long base = backing(slot, store).base();
            long pages = slot.endGfn() - slot.baseGfn();
            if (base + pages > at && Math.max(base, at) < bestStart) {
                best = slot;
                bestStart = Math.max(base, at);
            }
        }
        return best;
    }

    private static boolean isBackedBy(SlotEntry slot, MemoryObject object) {
        PageBacking first = slot.half(true);
        PageBacking second = slot.half(false);
        return first != null && first.object() == object || second != null && second.object() == object;
    }

    private static PageBacking backing(SlotEntry slot, MemoryObject object) {
        PageBacking first = slot.half(true);
        if (first != null && first.object() == object) {
            return first;
        }
        PageBacking second = slot.half(false);
        if (second != null && second.object() == object) {
            return second;
        }
        throw new AssertionError("slot " + slot.memslot().id() + " is not backed by the object");
    }
}
