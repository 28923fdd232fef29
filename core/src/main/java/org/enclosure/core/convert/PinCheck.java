package org.enclosure.core.convert;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.core.slot.MemoryObject;

/// Refuses a change of pages that somebody holds.
public final class PinCheck {
    private PinCheck() {
    }

    /// Checks `pages` pages from `start`; the caller holds the object's lock.
    ///
    /// @param before pages of the request before this stretch
    /// @param change what cannot happen, for the message
    /// @throws GuestMemoryException EAGAIN with the error offset and the holders
    public static void check(MemoryObject object, long start, long pages, long before, String change) {
        long end = start + pages;
        long pinned = object.pins().firstPinned(start, end);
        if (pinned < end) {
            throw new GuestMemoryException(Errno.EAGAIN,
                    "the page at offset 0x" + Long.toHexString(pinned << Paging.PAGE_SHIFT) + " cannot " + change
                            + " while it is held by " + String.join(", ", object.pins().holders(pinned)),
                    before + pinned - start << Paging.PAGE_SHIFT, object.pins().holders(pinned));
        }
    }
}
