package org.enclosure.core.hostside;

import org.enclosure.core.convert.CallbackGuard;
import org.enclosure.core.convert.PinCheck;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.SlotUser;

/// Frees anonymous pages under the slots of any number of VMs: all their locks in order, then the object's, then one
/// invalidation in each of them.
final class HostDiscard {
    private HostDiscard() {
    }

    /// Frees the pages `[start, end)` of a mapping's object.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EAGAIN if a page is held, EBADF if the mapping is closed
    static void run(MappingImpl mapping, long start, long end) {
        CallbackGuard.check("discard");
        MemoryObject object = mapping.object();
        while (!tryRun(mapping, object.users(), start, end)) {
            Thread.onSpinWait();
        }
    }

    /// @return false if a VM came to use the pages meanwhile; then nothing was done
    @SuppressWarnings("ReferenceEquality") // a snapshot of the users is an identity
    private static boolean tryRun(MappingImpl mapping, SlotUser[] users, long start, long end) {
        MemoryObject object = mapping.object();
        lock(users);
        object.lock().lock();
        try {
            if (object.users() != users) {
                return false;
            }
            mapping.checkOpen();
            PinCheck.check(object, start, end - start, 0, "be freed");
            FrameList freed = new FrameList(mapping.space().host().frames());
            remove(object, users, start, end, freed);
            freed.freeAll();
            return true;
        } finally {
            object.lock().unlock();
            unlock(users);
        }
    }

    private static void remove(MemoryObject object, SlotUser[] users, long start, long end, FrameList freed) {
        object.beginViews(start, end);
        int begun = 0;
        try {
            while (begun < users.length) {
                users[begun++].beginTake(object, start, end);
            }
            object.shootViews(start, end);
            object.folios().remove(start, end, freed);
        } finally {
            while (begun > 0) {
                users[--begun].endTake();
            }
            object.endViews(start, end);
        }
    }

    private static void lock(SlotUser[] users) {
        for (SlotUser user : users) {
            user.lock();
        }
    }

    private static void unlock(SlotUser[] users) {
        for (int i = users.length - 1; i >= 0; i--) {
            users[i].unlock();
        }
    }
}
