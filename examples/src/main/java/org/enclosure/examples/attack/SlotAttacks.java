package org.enclosure.examples.attack;

import org.enclosure.api.Paging;
import org.enclosure.examples.guest.MemoryMap;
import org.enclosure.examples.machine.GuestMemory;

/// What a hostile VMM tries with memslots and the store: putting other pages under the guest, and old ones back.
final class SlotAttacks {
    private SlotAttacks() {
    }

    /// Puts another part of the store where the guest's private pages are, asks the guest what it sees, and puts the pages back.
    static String remap(AttackScene scene, Tally tally) {
        GuestMemory memory = scene.machine().memory();
        String moved = HostReach.call(tally, () -> move(memory, memory.spareWindow()));
        if (!moved.equals(HostReach.NO_ERROR)) {
            return moved;
        }
        String sees = scene.guestSees();
        move(memory, MemoryMap.WINDOW);
        return sees + " meanwhile";
    }

    /// Puts other pages under the guest, lets it write there, and puts the old pages back.
    static String remapBack(AttackScene scene, Tally tally) {
        GuestMemory memory = scene.machine().memory();
        String moved = HostReach.call(tally, () -> move(memory, memory.spareWindow()));
        if (!moved.equals(HostReach.NO_ERROR)) {
            return moved;
        }
        String met = scene.overwrite();
        move(memory, MemoryMap.WINDOW);
        return met == null ? "guest writes meanwhile" : "guest meets " + met + " meanwhile";
    }

    /// Frees private pages in the store under the guest.
    static String punch(AttackScene scene, Tally tally) {
        return HostReach.call(tally, () -> scene.machine().memory().store().punchHole(scene.secret().gpa(),
                scene.pages() * Paging.PAGE_SIZE));
    }

    /// Binds private pages of the store at a second guest address.
    static String alias(AttackScene scene, Tally tally) {
        return createAndDelete(scene, tally, scene.machine().map().ramBytes() + MemoryMap.WINDOW_BYTES,
                scene.secret().gpa());
    }

    /// Creates a second memslot over the guest's private pages.
    static String overlap(AttackScene scene, Tally tally) {
        return createAndDelete(scene, tally, scene.secret().gpa(), scene.machine().memory().spareWindow());
    }

    private static String createAndDelete(AttackScene scene, Tally tally, long gpa, long storeOffset) {
        GuestMemory memory = scene.machine().memory();
        String got = HostReach.call(tally,
                () -> memory.create(GuestMemory.FREE_SLOT, gpa, scene.pages() * Paging.PAGE_SIZE,
                        scene.secret().gpa(), storeOffset));
        if (got.equals(HostReach.NO_ERROR)) {
            memory.delete(GuestMemory.FREE_SLOT);
        }
        return got;
    }

    private static void move(GuestMemory memory, long storeOffset) {
        memory.deleteWindow();
        memory.createWindow(storeOffset);
    }
}
