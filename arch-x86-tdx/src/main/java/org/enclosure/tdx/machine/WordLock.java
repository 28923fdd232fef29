package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;

/// Try-only locks that are one word of a TD's control page: 0 free, -1 exclusive, n > 0 held shared n times.
final class WordLock {
    private WordLock() {
    }

    static boolean tryShared(PhysicalMemory memory, long pa) {
        while (true) {
            long held = memory.getLongAcquire(pa); // ORDERING: partner the compareAndSet and putLongRelease of this class
            if (held < 0) {
                return false;
            }
            if (memory.compareAndSet(pa, held, held + 1)) { // ORDERING: partner releaseShared, releaseExclusive
                return true;
            }
        }
    }

    static boolean tryExclusive(PhysicalMemory memory, long pa) {
        return memory.compareAndSet(pa, 0, -1); // ORDERING: partner releaseShared, releaseExclusive
    }

    static void releaseShared(PhysicalMemory memory, long pa) {
        long held;
        do {
            held = memory.getLongAcquire(pa); // ORDERING: partner tryShared
        } while (!memory.compareAndSet(pa, held, held - 1)); // ORDERING: partner tryExclusive
    }

    static void releaseExclusive(PhysicalMemory memory, long pa) {
        memory.putLongRelease(pa, 0); // ORDERING: partner tryShared, tryExclusive
    }
}
