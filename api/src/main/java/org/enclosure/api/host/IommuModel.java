package org.enclosure.api.host;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apiguardian.api.API;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.store.GuestMemoryStore;
import org.jspecify.annotations.Nullable;

/// An IOMMU as a passed-through device sees it, ready to be a [Participant]: it maps shared pages of one host mapping at their
/// guest addresses, by pins, which is what keeps a page from being converted. It unmaps before pages become private and maps after
/// they have become shared, in this order (the rule of QEMU's RamBlockAttributes for in-place conversion). What is adjacent is
/// one mapping; there is a limit to how many there can be, as VFIO limits DMA entries, and a conversion that would need more is
/// vetoed before anything changes.
///
/// Any thread; it does one thing at a time. It never calls the engine but for pins.
@API(status = EXPERIMENTAL, since = "0.1")
public final class IommuModel implements Participant, AutoCloseable {
    private final String name;
    private final int limit;
    private final TreeMap<Long, Pin> pins = new TreeMap<>();
    private final IdentityHashMap<ConversionRequest, List<long[]>> taken = new IdentityHashMap<>();
    private @Nullable HostMapping memory;
    private @Nullable GuestMemoryStore store;
    private long base;

    /// Creates an IOMMU that maps nothing.
    ///
    /// @param name by which errors call it
    /// @param limit the most mappings, at least 1
    public IommuModel(String name, int limit) {
        this.name = name;
        this.limit = limit;
    }

    /// Puts guest memory behind it: offset 0 of the mapping is at `gpa`. Nothing is mapped yet.
    ///
    /// @param whole the store that the mapping maps from its offset 0 on; null if it maps none
    public synchronized void attach(HostMapping mapping, @Nullable GuestMemoryStore whole, long gpa) {
        unmapAll();
        memory = mapping;
        store = whole;
        base = gpa;
    }

    /// Maps a range of shared pages for the device.
    ///
    /// @throws GuestMemoryException as [HostMapping#pin]
    public synchronized void map(long gpa, long bytes) {
        add(gpa, gpa + bytes);
    }

    /// How many mappings there are.
    public synchronized int mappings() {
        return pins.size();
    }

    /// How many bytes the device reaches.
    public synchronized long mappedBytes() {
        return pins.values().stream().mapToLong(Pin::bytes).sum();
    }

    /// The device reads 8 bytes.
    ///
    /// @throws HostAccessException SIGSEGV if the address is not mapped
    public synchronized long loadLong(long gpa) {
        Pin pin = at(gpa);
        return pin.loadLong(gpa - startOf(gpa));
    }

    /// The device writes 8 bytes.
    ///
    /// @throws HostAccessException SIGSEGV if the address is not mapped
    public synchronized void storeLong(long gpa, long value) {
        Pin pin = at(gpa);
        pin.storeLong(gpa - startOf(gpa), value);
    }

    private Pin at(long gpa) {
        Map.Entry<Long, Pin> entry = pins.floorEntry(gpa);
        if (entry == null || gpa + Long.BYTES > entry.getKey() + entry.getValue().bytes()) {
            throw new HostAccessException(Signal.SIGSEGV, gpa, name + " does not map the address for its device");
        }
        return entry.getValue();
    }

    private long startOf(long gpa) {
        Long start = pins.floorKey(gpa);
        return start == null ? gpa : start;
    }

    // ---- the two phases -------------------------------------------------------------------------------------------------

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized boolean prepare(ConversionRequest request) {
        long start = start(request);
        long end = start < 0 ? start : Math.min(start + request.bytes(), end());
        if (start < 0 || start >= end) {
            return true;
        }
        if (!request.target().isPrivate()) {
            return mappingsWith(start, end) <= limit;
        }
        if (mappingsWithout(start, end) > limit) {
            return false;
        }
        List<long[]> removed = new ArrayList<>();
        try {
            remove(start, end, removed);
        } catch (GuestMemoryException e) {
            removed.forEach(this::takeBack);
            return false;
        }
        taken.put(request, removed);
        return true;
    }

    @Override
    public synchronized void commit(ConversionRequest request) {
        taken.remove(request);
        long start = start(request);
        if (start >= 0 && !request.target().isPrivate() && start < end()) {
            add(start, Math.min(start + request.bytes(), end()));
        }
    }

    @Override
    public synchronized void abort(ConversionRequest request) {
        List<long[]> back = taken.remove(request);
        if (back != null) {
            back.forEach(this::takeBack);
        }
    }

    /// What the guest has asked back meanwhile stays unmapped.
    private void takeBack(long[] range) {
        try {
            add(range[0], range[1]);
        } catch (GuestMemoryException e) {
            // Nobody gets a new reference on it.
        }
    }

    /// The first address of a request that lies behind this IOMMU, or -1.
    private long start(ConversionRequest request) {
        if (memory == null) {
            return -1;
        }
        long gpa = request.store() == null ? request.gpa() : base + request.storeOffset();
        boolean isOurs = request.store() == null || request.store().equals(store);
        return isOurs && gpa < end() && gpa + request.bytes() > base ? Math.max(gpa, base) : -1;
    }

    private long end() {
        return memory == null ? base : base + memory.bytes();
    }

    // ---- mappings -------------------------------------------------------------------------------------------------------

    private long mappingsWith(long start, long end) {
        return pins.size() - touching(start, end).size() + 1L;
    }

    private long mappingsWithout(long start, long end) {
        long count = pins.size();
        for (long first : overlapping(start, end)) {
            count += (first < start ? 1 : 0) + (endOf(first) > end ? 1 : 0) - 1;
        }
        return count;
    }

    private long endOf(long start) {
        Pin pin = pins.get(start);
        return pin == null ? start : start + pin.bytes();
    }

    private List<Long> overlapping(long start, long end) {
        return pins.keySet().stream().filter(first -> first < end && endOf(first) > start).toList();
    }

    private List<Long> touching(long start, long end) {
        return pins.keySet().stream().filter(first -> first <= end && endOf(first) >= start).toList();
    }

    /// Maps a range as one with its neighbours.
    private void add(long start, long end) {
        long first = start;
        long last = end;
        List<Long> old = touching(start, end);
        for (long neighbour : old) {
            first = Math.min(first, neighbour);
            last = Math.max(last, endOf(neighbour));
        }
        Pin pin = pin(first, last);
        old.forEach(this::drop);
        if (pin != null) {
            pins.put(first, pin);
        }
    }

    /// Takes a range out; what sticks out of it stays mapped.
    private void remove(long start, long end, List<long[]> removed) {
        for (long first : overlapping(start, end)) {
            long last = endOf(first);
            Pin head = first < start ? pin(first, start) : null;
            Pin tail = last > end ? pinOr(head, end, last) : null;
            drop(first);
            if (head != null) {
                pins.put(first, head);
            }
            if (tail != null) {
                pins.put(end, tail);
            }
            removed.add(new long[] {Math.max(first, start), Math.min(last, end)});
        }
    }

    private @Nullable Pin pin(long start, long end) {
        HostMapping mapping = memory;
        return mapping == null ? null : mapping.pin(start - base, end - start, name);
    }

    /// Maps the second of two pieces, or neither.
    private @Nullable Pin pinOr(@Nullable Pin first, long start, long end) {
        try {
            return pin(start, end);
        } catch (GuestMemoryException e) {
            if (first != null) {
                first.close();
            }
            throw e;
        }
    }

    private void drop(long start) {
        Pin pin = pins.remove(start);
        if (pin != null) {
            pin.close();
        }
    }

    private void unmapAll() {
        List.copyOf(pins.keySet()).forEach(this::drop);
    }

    /// Unmaps everything.
    @Override
    public synchronized void close() {
        unmapAll();
        memory = null;
    }
}
