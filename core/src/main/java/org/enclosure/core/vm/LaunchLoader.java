package org.enclosure.core.vm;

import java.lang.foreign.MemorySegment;

import org.enclosure.api.Access;
import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
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
import org.enclosure.spi.VmTraits;

/// Brings page and content for the steps of a launch: its own frames, one step after the other. Used by one thread, under the
/// mutation lock.
final class LaunchLoader implements AutoCloseable {
    private static final int TRIES = 1000;

    private final VmCore vm;
    private final HostCore host;
    private final LaunchSession session;
    private final TableWork work = new TableWork(new FrameCache(VmTraits.MAX_FRAMES));
    private final FrameMagazine magazine;
    private final long sourcePfn;

    LaunchLoader(VmCore vm, LaunchSession session) {
        this.vm = vm;
        this.session = session;
        host = vm.host();
        magazine = new FrameMagazine(host.frames());
        sourcePfn = host.frames().allocate(0);
        if (sourcePfn < 0) {
            magazine.drain();
            throw outOfFrames();
        }
    }

    LaunchResult finish() {
        work.reset(TableWork.FAULT, Access.PRIVATE);
        return session.finish(work);
    }

    /// Does one step.
    ///
    /// @param inPlace whether the page itself is the source
    void step(LaunchItem item, MemorySegment image, boolean inPlace) {
        long pfn = -1;
        long source = -1;
        if (item.kind() == LaunchItem.Kind.PAGE) {
            pfn = page(item.gfn());
            source = inPlace ? pfn : sourcePfn;
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

    /// The frame of a page, allocated if need be.
    long page(long gfn) {
        SlotEntry slot = vm.slots().find(gfn);
        PageBacking half = slot == null ? null : slot.half(slot.isPrivate(gfn));
        if (slot == null || half == null) {
            throw new GuestMemoryException(Errno.EFAULT,
                    "the slot at gpa 0x" + Long.toHexString(gfn << Paging.PAGE_SHIFT)
                            + " has no memory of the kind that the image needs");
        }
        long index = half.base() + gfn - slot.baseGfn();
        if (half.object().isPoisoned(index)) {
            throw new GuestMemoryException(Errno.EHWPOISON,
                    "the memory at gpa 0x" + Long.toHexString(gfn << Paging.PAGE_SHIFT) + " has failed");
        }
        long word = half.folios().resolve(index, 0, true, magazine);
        while (word == FolioMap.RETRY) { // a host that touches its pages makes a neighbour wait
            Thread.onSpinWait();
            word = half.folios().resolve(index, 0, true, magazine);
        }
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

    @Override
    public void close() {
        host.frames().free(sourcePfn, 0);
        magazine.drain();
        host.drain(work.frames);
    }
}
