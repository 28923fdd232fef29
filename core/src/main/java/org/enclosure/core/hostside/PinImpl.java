package org.enclosure.core.hostside;

import java.util.Objects;

import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.Pin;
import org.enclosure.core.slot.PinTable;

/// A counted reference. Access goes through the mapping's translations, so even an access that races with `close` meets the
/// rules of the mapping.
final class PinImpl implements Pin {
    private final MappingImpl mapping;
    private final PinTable.Entry entry;
    private final long offset;
    private final long bytes;
    private volatile boolean closed;

    PinImpl(MappingImpl mapping, PinTable.Entry entry, long offset, long bytes) {
        this.mapping = mapping;
        this.entry = entry;
        this.offset = offset;
        this.bytes = bytes;
    }

    private long at(long pinOffset, long length) {
        if (closed || pinOffset < 0 || pinOffset > bytes - length) {
            throw new HostAccessException(Signal.SIGSEGV, mapping.hva() + offset + pinOffset,
                    closed ? "the pin of " + holder() + " was given up" : "outside of the pin of " + holder());
        }
        return offset + pinOffset;
    }

    @Override
    public String holder() {
        return entry.holder();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public long loadLong(long pinOffset) {
        return mapping.loadLong(at(pinOffset, Long.BYTES));
    }

    @Override
    public void storeLong(long pinOffset, long value) {
        mapping.storeLong(at(pinOffset, Long.BYTES), value);
    }

    @Override
    public void read(long pinOffset, byte[] into, int at, int length) {
        Objects.checkFromIndexSize(at, length, into.length);
        mapping.read(at(pinOffset, length), into, at, length);
    }

    @Override
    public void write(long pinOffset, byte[] from, int at, int length) {
        Objects.checkFromIndexSize(at, length, from.length);
        mapping.write(at(pinOffset, length), from, at, length);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            mapping.unpin(entry);
        }
    }
}
