package org.enclosure.core.vm;

import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.dirty.PrivateDirtyLog;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.core.slot.DirtyBitmap;

/// The log of a VM's stores, and the number of its epoch.
final class PrivateDirtyLogImpl implements PrivateDirtyLog {
    private final VmImpl owner;
    private final ReentrantLock mutation;
    private long epoch;

    PrivateDirtyLogImpl(VmImpl owner) {
        this.owner = owner;
        mutation = owner.core().mutation();
    }

    @Override
    public long fetch(GuestMemoryStore store, long[] bitmap) {
        if (!(store instanceof StoreImpl ours) || ours.vm() != owner) {
            throw new GuestMemoryException(Errno.EINVAL, "the store belongs to another VM");
        }
        mutation.lock();
        try {
            owner.core().checkOpen();
            DirtyBitmap writes = ours.object().writes();
            if (ours.isClosed() || writes == null) {
                throw new GuestMemoryException(Errno.EBADF, "the store is closed");
            }
            DirtyLogImpl.checkLength(bitmap, writes.pages());
            boolean any = false;
            for (int i = 0; i < writes.words(); i++) {
                bitmap[i] = writes.take(i, -1);
                any |= bitmap[i] != 0;
            }
            if (any) {
                owner.core().domain().shootdown(0, Long.MAX_VALUE, null);
            }
            return epoch++;
        } finally {
            mutation.unlock();
        }
    }

    @Override
    public long epoch() {
        mutation.lock();
        try {
            return epoch;
        } finally {
            mutation.unlock();
        }
    }
}
