package org.enclosure.tdx.machine;

import java.util.concurrent.atomic.AtomicIntegerArray;

/// Which private key numbers (HKIDs) are in use. Numbers 32 to 63 are private, 32 is the module's own.
final class KeyTable {
    /// The module's own key.
    static final int GLOBAL = 32;

    private static final int COUNT = 64;
    private static final int FREE = 0;
    private static final int ASSIGNED = 1;
    /// No vCPU can use the key any more, but its lines may be in the caches.
    private static final int FLUSHED = 2;
    private static final int WRITTEN_BACK = 3;

    private final AtomicIntegerArray states = new AtomicIntegerArray(COUNT);

    KeyTable() {
        states.set(GLOBAL, ASSIGNED);
    }

    static boolean isPrivate(long hkid) {
        return hkid >= GLOBAL && hkid < COUNT;
    }

    boolean isFree(int hkid) {
        return states.get(hkid) == FREE;
    }

    boolean assign(int hkid) {
        return states.compareAndSet(hkid, FREE, ASSIGNED); // ORDERING: partner release
    }

    /// The last vCPU that could use the key is out.
    void flush(int hkid) {
        states.set(hkid, FLUSHED);
    }

    /// Whether the caches have to be written back before the key is free.
    boolean isDirty(int hkid) {
        return states.get(hkid) == FLUSHED;
    }

    /// Writes the caches back, for all keys that wait for it.
    ///
    /// @return whether any does
    boolean writeBack() {
        boolean isAny = false;
        for (int hkid = GLOBAL; hkid < COUNT; hkid++) {
            isAny |= states.compareAndSet(hkid, FLUSHED, WRITTEN_BACK); // ORDERING: partner flush, isDirty
        }
        return isAny;
    }

    void release(int hkid) {
        states.set(hkid, FREE);
    }

    /// A free private key, or -1.
    int anyFree() {
        for (int hkid = GLOBAL + 1; hkid < COUNT; hkid++) {
            if (isFree(hkid)) {
                return hkid;
            }
        }
        return -1;
    }
}
