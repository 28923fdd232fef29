package org.enclosure.core.vm;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Access;
import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.api.vm.LaunchReport;
import org.enclosure.core.convert.GuestRange;
import org.enclosure.core.convert.RequestView;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.HostCore;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.translation.Backoff;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;

/// The launch of a VM: the plugin plans the steps, the engine brings page and content for each, the plugin measures.
final class Launch {
    private static final int TRIES = 1000;

    private final VmImpl owner;
    private final VmCore vm;
    private final HostCore host;
    private volatile boolean done;
    private long copied;

    Launch(VmImpl owner) {
        this.owner = owner;
        vm = owner.core();
        host = vm.host();
    }

    LaunchReport run(MemorySegment image, Map<String, String> options) {
        checkNotDone();
        List<LaunchItem> items = plan(image, options);
        checkBacked(items);
        makePrivate(items);
        ReentrantLock mutation = vm.mutation();
        mutation.lock();
        try {
            checkNotDone();
            LaunchResult result = load(items, image, options);
            done = true;
            return report(items, result);
        } finally {
            mutation.unlock();
        }
    }

    private void checkNotDone() {
        if (done) {
            throw new GuestMemoryException(Errno.EBUSY, "the launch is over");
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
            while (next < items.size() && isPage(items.get(next)) && items.get(next).gfn() == end) {
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

    private LaunchResult load(List<LaunchItem> items, MemorySegment image, Map<String, String> options) {
        TableWork work = new TableWork(new FrameCache(VmTraits.MAX_FRAMES));
        FrameMagazine magazine = new FrameMagazine(host.frames());
        long source = host.frames().allocate(0);
        try {
            if (source < 0) {
                throw outOfFrames();
            }
            LaunchSession session = session(options);
            for (LaunchItem item : items) {
                step(session, item, image, source, work, magazine);
            }
            work.reset(TableWork.FAULT, Access.PRIVATE);
            return session.finish(work);
        } finally {
            if (source >= 0) {
                host.frames().free(source, 0);
            }
            magazine.drain();
            host.drain(work.frames);
        }
    }

    private LaunchSession session(Map<String, String> options) {
        try {
            return vm.backend().launch(options);
        } catch (IllegalArgumentException e) {
            throw new GuestMemoryException(Errno.EINVAL, "launch on " + host.architecture() + ": " + e.getMessage());
        }
    }

    private void step(LaunchSession session, LaunchItem item, MemorySegment image, long sourcePfn, TableWork work,
            FrameMagazine magazine) {
        long pfn = -1;
        long source = -1;
        if (isPage(item)) {
            pfn = page(item.gfn(), magazine);
            source = vm.policies().hasPayloadInPlace() ? pfn : sourcePfn;
            copied += source == pfn ? 0 : 1;
            copyIn(image, item.imageOffset(), source);
        }
        int framesWanted = vm.framesPerFault();
        for (int round = 0; round < TRIES; round++) {
            if (!host.topUp(work.frames, framesWanted)) {
                throw outOfFrames();
            }
            work.reset(TableWork.FAULT, Access.PRIVATE | Access.WRITE);
            long status = session.page(item, pfn, source, work);
            if (status >= 0) {
                return;
            }
            if (Status.kind(status) == Status.NEED_FRAMES && Status.argument(status) <= work.frames.capacity()) {
                framesWanted = Status.argument(status);
            } else if (Status.kind(status) != Status.RETRY) {
                throw refused(item, status);
            }
            Backoff.pause(round);
        }
        throw refused(item, Status.of(Status.RETRY));
    }

    private long page(long gfn, FrameMagazine magazine) {
        SlotEntry slot = vm.slots().find(gfn);
        PageBacking half = slot == null ? null : slot.half(slot.isPrivate(gfn));
        if (slot == null || half == null) {
            throw new GuestMemoryException(Errno.EFAULT,
                    "the slot at gpa 0x" + Long.toHexString(gfn << Paging.PAGE_SHIFT)
                            + " has no memory of the kind that the image needs");
        }
        long word = half.folios().resolve(half.base() + gfn - slot.baseGfn(), 0, true, magazine);
        if (word < 0) {
            throw outOfFrames();
        }
        return FolioMap.pfn(word);
    }

    private void copyIn(MemorySegment image, long offset, long pfn) {
        MemorySegment frame = host.memory().segment().asSlice(pfn << Paging.PAGE_SHIFT, Paging.PAGE_SIZE);
        if (offset < 0) {
            frame.fill((byte) 0);
        } else {
            frame.copyFrom(image.asSlice(offset, Paging.PAGE_SIZE));
        }
    }

    private GuestMemoryException refused(LaunchItem item, long status) {
        return new GuestMemoryException(Errno.EIO,
                host.architecture() + " refuses to launch the " + item.kind() + " at gpa 0x"
                        + Long.toHexString(item.gfn() << Paging.PAGE_SHIFT) + ": " + Status.describe(status));
    }

    private static GuestMemoryException outOfFrames() {
        return new GuestMemoryException(Errno.ENOMEM, "the host is out of frames for the payload");
    }

    private LaunchReport report(List<LaunchItem> items, LaunchResult result) {
        List<LaunchItem> pages = new ArrayList<>(items);
        pages.removeIf(item -> !isPage(item));
        long first = pages.isEmpty() ? 0 : pages.getFirst().gfn();
        return new LaunchReport(first << Paging.PAGE_SHIFT, pages.size(), copied, result.algorithm(), result.digest(),
                result.architectural(), result.transcript());
    }
}
