package org.enclosure.core.vm;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.api.vm.LaunchReport;
import org.enclosure.core.convert.GuestRange;
import org.enclosure.core.convert.RequestView;
import org.enclosure.core.machine.HostCore;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.vcpu.PreMapper;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.VmTrait;
import org.jspecify.annotations.Nullable;

/// The launch of a VM: the plugin plans the steps, the engine brings page and content for each, the plugin measures. Content comes
/// as an image that ends the launch, or page by page through a vCPU before that: one session, one way.
final class Launch implements PreMapper {
    /// The most that one call in place takes: the caller asks for the rest again, as after any partial progress.
    private static final long MAX_IN_PLACE = 16L << 20;

    private final VmImpl owner;
    private final VmCore vm;
    private final HostCore host;
    private final Set<Long> loaded = new HashSet<>();
    private @Nullable LaunchSession session;
    private volatile boolean done;
    private List<LaunchItem> begun = List.of();
    private int next; // the item of `begun` that is loaded next
    private long firstGfn = Long.MAX_VALUE;
    private long copied;

    Launch(VmImpl owner) {
        this.owner = owner;
        vm = owner.core();
        host = vm.host();
    }

    // ---- an image -------------------------------------------------------------------------------------------------------

    LaunchReport run(MemorySegment image, Map<String, String> options) {
        checkNotDone();
        List<LaunchItem> items = plan(image, options);
        checkBacked(items);
        makePrivate(items);
        ReentrantLock mutation = vm.mutation();
        mutation.lock();
        try {
            checkNotDone();
            int from = items.equals(begun) ? next : 0;
            items.subList(from, items.size()).forEach(this::checkNew);
            begun = items;
            next = from;
            try (LaunchLoader loader = new LaunchLoader(vm, open(options))) {
                boolean inPlace = vm.policies().hasPayloadInPlace();
                for (; next < items.size(); next++) {
                    load(loader, items.get(next), image, inPlace);
                }
                return end(loader);
            }
        } finally {
            mutation.unlock();
        }
    }

    /// The end of a launch without an image.
    LaunchReport finish() {
        ReentrantLock mutation = vm.mutation();
        mutation.lock();
        try {
            checkNotDone();
            LaunchSession open = session;
            if (open == null) {
                throw new GuestMemoryException(Errno.EINVAL,
                        "nothing has been loaded, so there is no launch to finish");
            }
            try (LaunchLoader loader = new LaunchLoader(vm, open)) {
                return end(loader);
            }
        } finally {
            mutation.unlock();
        }
    }

    private void load(LaunchLoader loader, LaunchItem item, MemorySegment image, boolean inPlace) {
        loader.step(item, image, inPlace);
        if (isPage(item)) {
            loaded.add(item.gfn());
            firstGfn = loaded.size() == 1 ? item.gfn() : firstGfn;
            copied += inPlace ? 0 : 1;
        }
    }

    private LaunchReport end(LaunchLoader loader) {
        LaunchResult result = loader.finish();
        done = true;
        long gpa = loaded.isEmpty() ? 0 : firstGfn << Paging.PAGE_SHIFT;
        return new LaunchReport(gpa, loaded.size(), copied, result.algorithm(), result.digest(), result.architectural(),
                result.transcript());
    }

    private void checkNotDone() {
        if (done) {
            throw new GuestMemoryException(Errno.EBUSY, "the launch is over");
        }
        if (vm.hasRun()) {
            throw new GuestMemoryException(Errno.EBUSY, "a vCPU has run: content is no longer initial");
        }
    }

    private void checkNew(LaunchItem item) {
        if (isPage(item) && loaded.contains(item.gfn())) {
            throw new GuestMemoryException(Errno.EEXIST,
                    "gpa 0x" + Long.toHexString(item.gfn() << Paging.PAGE_SHIFT) + " is loaded already");
        }
    }

    // ---- page by page ---------------------------------------------------------------------------------------------------

    @Override
    public long preMap(long gpa, MemorySegment source) {
        return preMap(gpa, source.byteSize(), source);
    }

    @Override
    public long preMapInPlace(long gpa, long bytes) {
        return preMap(gpa, bytes, null);
    }

    private long preMap(long gpa, long bytes, @Nullable MemorySegment source) {
        GuestRange.check(gpa, bytes, vm.gfnLimit());
        checkOffered(source == null);
        ReentrantLock mutation = vm.mutation();
        mutation.lock();
        try {
            checkNotDone();
            checkReady(gpa >>> Paging.PAGE_SHIFT);
            Map<String, String> options = Map.of("gpa", "0x" + Long.toHexString(gpa));
            try (LaunchLoader loader = new LaunchLoader(vm, open(options))) {
                MemorySegment image = source == null ? content(loader, gpa, bytes) : source;
                return preMap(loader, plan(image, options), image, source == null);
            }
        } finally {
            mutation.unlock();
        }
    }

    private void checkOffered(boolean inPlace) {
        if (!vm.traits().has(VmTrait.PRIVATE_MEMORY)) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "the VM type has no private memory to give initial content to");
        }
        VmTrait needed = inPlace ? VmTrait.IN_PLACE_PAYLOAD : VmTrait.COPIED_PAYLOAD;
        if (!vm.traits().has(needed)) {
            throw new GuestMemoryException(Errno.EOPNOTSUPP, "the VM type lacks " + needed);
        }
    }

    /// What a page that is to be loaded has to be.
    private void checkReady(long gfn) {
        String where = "gpa 0x" + Long.toHexString(gfn << Paging.PAGE_SHIFT);
        SlotEntry slot = vm.slots().find(gfn);
        if (slot == null) {
            throw new GuestMemoryException(Errno.EFAULT, "nothing backs " + where);
        }
        if (!slot.isPrivate(gfn)) {
            throw new GuestMemoryException(Errno.EINVAL, where + " is shared; convert it to private first");
        }
    }

    /// One page after the other; the first that cannot be loaded ends the call, and is its error if nothing was done before.
    private long preMap(LaunchLoader loader, List<LaunchItem> items, MemorySegment image, boolean inPlace) {
        long pages = 0;
        try {
            for (LaunchItem item : items) {
                if (isPage(item)) {
                    checkReady(item.gfn());
                    checkNew(item);
                }
                load(loader, item, image, inPlace);
                pages += isPage(item) ? 1 : 0;
            }
        } catch (GuestMemoryException e) {
            if (pages == 0) {
                throw e;
            }
        }
        return pages << Paging.PAGE_SHIFT;
    }

    /// What is in the pages now, up to the first that is not ready.
    private MemorySegment content(LaunchLoader loader, long gpa, long bytes) {
        MemorySegment image = MemorySegment.ofArray(new byte[Math.toIntExact(Math.min(bytes, MAX_IN_PLACE))]);
        MemorySegment memory = host.memory().segment();
        long done = 0;
        while (done < image.byteSize() && isReady(gpa + done >>> Paging.PAGE_SHIFT)) {
            long pa = loader.page(gpa + done >>> Paging.PAGE_SHIFT) << Paging.PAGE_SHIFT;
            MemorySegment.copy(memory, pa, image, done, Paging.PAGE_SIZE);
            done += Paging.PAGE_SIZE;
        }
        return image.asSlice(0, done);
    }

    private boolean isReady(long gfn) {
        SlotEntry slot = vm.slots().find(gfn);
        return slot != null && slot.isPrivate(gfn);
    }

    // ---- what both need -------------------------------------------------------------------------------------------------

    private LaunchSession open(Map<String, String> options) {
        LaunchSession open = session;
        if (open == null) {
            open = session(options);
            session = open;
        }
        return open;
    }

    private LaunchSession session(Map<String, String> options) {
        try {
            return vm.backend().launch(options);
        } catch (IllegalArgumentException e) {
            throw new GuestMemoryException(Errno.EINVAL, "launch on " + host.architecture() + ": " + e.getMessage());
        }
    }

    private List<LaunchItem> plan(MemorySegment image, Map<String, String> options) {
        if (image.byteSize() == 0 || !Paging.isPageAligned(image.byteSize())) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "image of " + image.byteSize() + " bytes; legal is a positive multiple of 4096");
        }
        try {
            return host.platform().launchPlanner().plan(image, options);
        } catch (IllegalArgumentException e) {
            throw new GuestMemoryException(Errno.EINVAL, "launch on " + host.architecture() + ": " + e.getMessage());
        }
    }

    private void checkBacked(List<LaunchItem> items) {
        for (LaunchItem item : items) {
            GuestRange.check(item.gfn() << Paging.PAGE_SHIFT, item.npages() << Paging.PAGE_SHIFT, vm.gfnLimit());
            if (isPage(item) && vm.slots().find(item.gfn()) == null) {
                throw new GuestMemoryException(Errno.EINVAL,
                        "nothing backs gpa 0x" + Long.toHexString(item.gfn() << Paging.PAGE_SHIFT)
                                + ", which the image needs");
            }
        }
    }

    /// The payload is private from the start, where there is private memory.
    private void makePrivate(List<LaunchItem> items) {
        if (!vm.traits().has(VmTrait.PRIVATE_MEMORY)) {
            return;
        }
        RequestView view = new RequestView();
        for (int i = 0; i < items.size();) {
            LaunchItem first = items.get(i);
            long end = first.gfn() + first.npages();
            int next = i + 1;
            while (isPage(first) && next < items.size() && isPage(items.get(next)) && items.get(next).gfn() == end) {
                end += items.get(next++).npages();
            }
            if (isPage(first)) {
                view.set(first.gfn() << Paging.PAGE_SHIFT, end - first.gfn() << Paging.PAGE_SHIFT, true,
                        ConversionOrigin.HOST, -1);
                owner.engine().convert(view, null, null);
            }
            i = next;
        }
    }

    private static boolean isPage(LaunchItem item) {
        return item.kind() == LaunchItem.Kind.PAGE;
    }
}
