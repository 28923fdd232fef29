package org.enclosure.core.convert;

import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.slot.SlotTable;

/// Who else uses the host memory of the shared half of a part.
final class HostPages {
    private HostPages() {
    }

    /// Whether another slot, of this VM or of another one, may have translations of the part's host pages: then they are not
    /// this part's to zero, to overwrite or to free. The caller holds the object's lock.
    static boolean isUsedElsewhere(SlotTable slots, Part part) {
        MemoryObject object = part.sharedObject;
        if (object == null || part.isInPlace()) {
            return false;
        }
        if (object.users().length > 1) {
            return true;
        }
        int uses = 0;
        for (int i = 0; i < slots.size(); i++) {
            SlotEntry slot = slots.entry(i);
            PageBacking half = slot.half(false);
            if (half != null && half.object() == object && half.base() < part.sharedStart + part.pages
                    && half.base() + slot.endGfn() - slot.baseGfn() > part.sharedStart) {
                uses++;
            }
        }
        return uses > 1;
    }
}
