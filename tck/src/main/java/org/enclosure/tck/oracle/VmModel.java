package org.enclosure.tck.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/// One VM: its stores, and what its slots bind where.
public final class VmModel {
    /// No slot.
    public static final int NONE = -1;

    private final String name;
    private final List<StoreModel> stores = new ArrayList<>();
    private final @Nullable PageModel[] bound;
    private final int[] slotOf;

    /// @param gfns pages of the guest's address space that are looked at
    VmModel(String name, int gfns) {
        this.name = name;
        bound = new PageModel[gfns];
        slotOf = new int[gfns];
        Arrays.fill(slotOf, NONE);
    }

    /// Adds a store; all its pages are private.
    public StoreModel addStore(int pages) {
        StoreModel store = new StoreModel(name + " store " + stores.size(), pages);
        stores.add(store);
        return store;
    }

    /// The stores.
    public List<StoreModel> stores() {
        return stores;
    }

    /// How many gfns are looked at.
    public int gfns() {
        return bound.length;
    }

    /// The page at a gfn, or null.
    public @Nullable PageModel at(int gfn) {
        return bound[gfn];
    }

    /// The gfn at which a page is bound, or [#NONE].
    public int gfnOf(PageModel page) {
        for (int gfn = 0; gfn < bound.length; gfn++) {
            if (page.equals(bound[gfn])) {
                return gfn;
            }
        }
        return NONE;
    }

    /// The slot at a gfn, or [#NONE].
    public int slotAt(int gfn) {
        return slotOf[gfn];
    }

    /// Whether there is a slot of an id.
    public boolean hasSlot(int id) {
        return Arrays.stream(slotOf).anyMatch(slot -> slot == id);
    }

    /// Whether a slot is in a range.
    public boolean overlaps(int gfn, int count) {
        return Arrays.stream(slotOf, gfn, gfn + count).anyMatch(slot -> slot != NONE);
    }

    /// Whether a page of a store is bound.
    public boolean isBound(StoreModel store, int start, int count) {
        Set<PageModel> wanted = new HashSet<>();
        for (int i = start; i < start + count; i++) {
            wanted.add(store.page(i));
        }
        return Arrays.stream(bound).anyMatch(page -> page != null && wanted.contains(page));
    }

    /// A slot was created.
    public void bind(int slot, int gfn, StoreModel store, int start, int count) {
        for (int i = 0; i < count; i++) {
            bound[gfn + i] = store.page(start + i);
            slotOf[gfn + i] = slot;
        }
    }

    /// A slot was deleted.
    public void unbind(int slot) {
        for (int gfn = 0; gfn < bound.length; gfn++) {
            PageModel page = bound[gfn];
            if (slotOf[gfn] == slot && page != null) {
                page.unbind();
                bound[gfn] = null;
                slotOf[gfn] = NONE;
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
