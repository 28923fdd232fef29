package org.enclosure.core.hostside;

import java.util.Objects;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.host.Pin;
import org.enclosure.api.host.Protection;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.core.convert.GuestRange;
import org.enclosure.core.slot.HostPermissions;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.PinTable;
import org.enclosure.core.slot.PinWatch;
import org.enclosure.core.slot.SlotUser;
import org.jspecify.annotations.Nullable;

/// A mapping: offsets to hvas, and the end of it.
public final class MappingImpl implements HostMapping {
    private final HostSpace space;
    private final Region region;
    private final @Nullable GuestMemoryStore store;
    private final long hva;
    private final long bytes;
    private volatile boolean closed;

    MappingImpl(HostSpace space, Region region, @Nullable GuestMemoryStore store) {
        this.space = space;
        this.region = region;
        this.store = store;
        hva = region.view().hostPage() << Paging.PAGE_SHIFT;
        bytes = region.view().pages() << Paging.PAGE_SHIFT;
    }

    Region region() {
        return region;
    }

    /// The address space that it is in.
    public HostSpace space() {
        return space;
    }

    /// What is mapped.
    public MemoryObject object() {
        return region.object();
    }

    /// First page of the object that is mapped.
    public long objectPage() {
        return region.view().objectPage();
    }

    /// The store that is mapped, or null for anonymous memory.
    public @Nullable GuestMemoryStore store() {
        return store;
    }

    /// Whether it was unmapped.
    public boolean isClosed() {
        return closed;
    }

    /// A VM's slots use this mapping from now on. The caller holds the VM's mutation lock.
    ///
    /// @return false if the mapping is closed
    public boolean claim(SlotUser user) {
        MemoryObject object = object();
        object.lock().lock();
        try {
            if (!closed) {
                object.addUser(user);
            }
            return !closed;
        } finally {
            object.lock().unlock();
        }
    }

    @Override
    public long hva() {
        return hva;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    private long address(long offset, long length) {
        if (offset < 0 || length < 0 || offset > bytes - length) {
            throw new HostAccessException(Signal.SIGSEGV, hva + offset,
                    "offset 0x" + Long.toHexString(offset) + " is outside of the mapping of 0x"
                            + Long.toHexString(bytes) + " bytes");
        }
        return hva + offset;
    }

    @Override
    public long loadLong(long offset) {
        return space.accessor().loadLong(address(offset, Long.BYTES));
    }

    @Override
    public void storeLong(long offset, long value) {
        space.accessor().storeLong(address(offset, Long.BYTES), value);
    }

    @Override
    public void read(long offset, byte[] into, int at, int length) {
        Objects.checkFromIndexSize(at, length, into.length);
        space.accessor().read(address(offset, length), into, at, length);
    }

    @Override
    public void write(long offset, byte[] from, int at, int length) {
        Objects.checkFromIndexSize(at, length, from.length);
        space.accessor().write(address(offset, length), from, at, length);
    }

    @Override
    public Pin pin(long offset, long length, String holder) {
        GuestRange.checkWithin("pin of " + holder, offset, length, bytes);
        long start = objectPage() + (offset >>> Paging.PAGE_SHIFT);
        long end = start + (length >>> Paging.PAGE_SHIFT);
        MemoryObject object = object();
        PinWatch watch = object.pinWatch();
        PinTable.Entry entry = new PinTable.Entry(start, end, holder, watch != null && watch.yields(holder));
        object.lock().lock();
        try {
            if (closed) {
                throw new GuestMemoryException(Errno.EFAULT, "pin of " + holder + ": the mapping is closed");
            }
            if (watch != null && watch.forbids(object, start, end, holder)) {
                throw new GuestMemoryException(Errno.EFAULT,
                        "pin of " + holder + ": the guest has asked for a page of it back");
            }
            // The lock keeps the kinds as they are, so what could be reached once can be reached until the pin counts.
            faultIn(offset, length, holder);
            object.pins().add(entry);
        } finally {
            object.lock().unlock();
        }
        return new PinImpl(this, entry, offset, length);
    }

    private void faultIn(long offset, long length, String holder) {
        for (long at = 0; at < length; at += Paging.PAGE_SIZE) {
            try {
                space.accessor().probe(hva + offset + at);
            } catch (HostAccessException e) {
                throw unreachable("pin of " + holder, offset + at, e);
            }
        }
    }

    void unpin(PinTable.Entry entry) {
        object().lock().lock();
        try {
            object().pins().remove(entry);
        } finally {
            object().lock().unlock();
        }
        PinWatch watch = object().pinWatch();
        if (watch != null) {
            watch.released();
        }
    }

    @Override
    public void discard(long offset, long length) {
        if (store != null) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "discard works on anonymous memory; punch a hole into the store instead");
        }
        GuestRange.checkWithin("discard", offset, length, bytes);
        long start = objectPage() + (offset >>> Paging.PAGE_SHIFT);
        HostChange.discard(this, start, start + (length >>> Paging.PAGE_SHIFT));
    }

    @Override
    public void populate(long offset, long length) {
        GuestRange.checkWithin("populate", offset, length, bytes);
        for (long at = offset; at < offset + length; at += Paging.PAGE_SIZE) {
            try {
                space.accessor().populate(hva + at);
            } catch (HostAccessException e) {
                throw unreachable("populate", at, e);
            }
        }
    }

    /// Why a page could not be faulted in: it is the host's to reach and there is no frame, or it is not.
    private GuestMemoryException unreachable(String what, long offset, HostAccessException cause) {
        Errno errno = cause.getCause() instanceof GuestMemoryException known ? known.errno() : Errno.EFAULT;
        return new GuestMemoryException(errno,
                what + " at offset 0x" + Long.toHexString(offset) + ": " + cause.getMessage());
    }

    @Override
    public void protect(long offset, long length, Protection protection) {
        GuestRange.checkWithin("protect", offset, length, bytes);
        long start = objectPage() + (offset >>> Paging.PAGE_SHIFT);
        HostChange.protect(this, start, start + (length >>> Paging.PAGE_SHIFT), switch (protection) {
            case NONE -> HostPermissions.NONE;
            case READ -> HostPermissions.READ;
            case READ_WRITE -> HostPermissions.ALL;
        });
    }

    @Override
    public void unmap(long offset, long length) {
        GuestRange.checkWithin("unmap", offset, length, bytes);
        long start = objectPage() + (offset >>> Paging.PAGE_SHIFT);
        HostChange.unmap(this, start, start + (length >>> Paging.PAGE_SHIFT));
    }

    /// What it permits.
    public HostPermissions permissions() {
        return region.permissions();
    }

    /// Refuses a mapping that has ended.
    void checkOpen() {
        if (closed) {
            throw new GuestMemoryException(Errno.EBADF, "the mapping is closed");
        }
    }

    @Override
    public void close() {
        MemoryObject object = object();
        SlotUser[] users;
        object.lock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true; // from here on no VM claims it
            users = object.users();
        } finally {
            object.lock().unlock();
        }
        for (SlotUser user : users) {
            user.mappingClosed(this);
        }
        space.remove(this);
        object.lock().lock();
        try {
            object.removeView(region.view());
            if (store == null && object.isUnmapped()) {
                object.close();
            }
        } finally {
            object.lock().unlock();
        }
    }
}
