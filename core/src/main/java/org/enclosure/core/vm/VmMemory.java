package org.enclosure.core.vm;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.machine.HostCore;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.mem.FrameList;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.S2Format;
import org.enclosure.spi.VmTraits;

/// The frames that a VM holds for itself: the root of the engine's stage 2, and what its backend may take.
final class VmMemory {
    /// Frames that a backend finds in its cache when it is created.
    static final int VM_FRAMES = 64;

    private final HostCore host;
    private final long rootPfn;
    private final int rootOrder;
    private final FrameCache frames = new FrameCache(2 * VM_FRAMES);

    private VmMemory(HostCore host, long rootPfn, int rootOrder) {
        this.host = host;
        this.rootPfn = rootPfn;
        this.rootOrder = rootOrder;
    }

    /// Takes the frames of a VM.
    ///
    /// @throws GuestMemoryException ENOMEM
    static VmMemory take(HostCore host, VmTraits traits) {
        S2Format format = traits.format();
        int order = format == null ? 0 : format.rootOrder();
        long root = format == null ? -1 : takeRoot(host, order);
        VmMemory memory = new VmMemory(host, root, order);
        if (!host.topUp(memory.frames, VM_FRAMES)) {
            memory.free();
            throw new GuestMemoryException(Errno.ENOMEM,
                    "the host is out of frames for a VM, which needs " + VM_FRAMES);
        }
        return memory;
    }

    private static long takeRoot(HostCore host, int order) {
        long root = host.frames().allocate(order);
        if (root < 0) {
            throw new GuestMemoryException(Errno.ENOMEM,
                    "the host has no free block of order " + order + " for a stage-2 root");
        }
        host.frames().zero(root, order);
        host.frames().markTable(root, order);
        return root;
    }

    long rootPfn() {
        return rootPfn;
    }

    FrameCache frames() {
        return frames;
    }

    /// The end of the VM: the backend gives its frames back first.
    void release(VmCore core) {
        core.backend().close();
        if (core.attributes() != null) {
            core.attributes().close();
        }
        if (core.s2() != null) {
            FrameList tables = new FrameList(host.frames());
            core.s2().close(tables);
            tables.freeAll();
        }
        free();
    }

    /// Gives all frames back.
    void free() {
        host.drain(frames);
        if (rootPfn >= 0) {
            host.frames().free(rootPfn, rootOrder);
        }
    }
}
