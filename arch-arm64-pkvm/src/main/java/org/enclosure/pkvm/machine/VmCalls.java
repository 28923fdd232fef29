package org.enclosure.pkvm.machine;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.HypErrno;

/// The life of VMs: create, run, start of teardown, reclaim of every page, end. A VM is named by its handle.
public final class VmCalls {
    private final El2 el2;

    VmCalls(El2 el2) {
        this.el2 = el2;
    }

    /// Creates a VM; the page at `pa` becomes the hypervisor's, as the root of the guest's stage 2.
    ///
    /// @return the handle, or EOPNOTSUPP (no protected VMs), EINVAL, EPERM, ENOMEM (too many VMs)
    public long initVm(long pa, boolean isProtected) {
        if (isProtected && !el2.profile.isProtecting()) {
            return HypErrno.EOPNOTSUPP;
        }
        long checked = el2.regions.check(pa, Paging.PAGE_SIZE);
        if (checked != HypErrno.OK) {
            return checked;
        }
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            long donated = el2.hostCalls().donateLocked(pa);
            if (donated != HypErrno.OK) {
                return donated;
            }
            el2.memory.zero(pa, Paging.PAGE_SIZE);
            long handle = el2.vms.add(pa, isProtected);
            if (handle < 0) {
                el2.hostCalls().returnLocked(pa);
            }
            return handle;
        } finally {
            el2.lock.exit();
        }
    }

    /// A vCPU of the VM is loaded: EINVAL if the VM is unknown or dying. Lock-free.
    public long vcpuLoad(long handle) {
        return el2.vms.load(handle);
    }

    /// A vCPU of the VM is put: EINVAL if none is loaded. Lock-free.
    public long vcpuPut(long handle) {
        return el2.vms.put(handle);
    }

    /// Gives the hypervisor a page for the VM's tables: EINVAL (no such VM, or it is dying), EPERM, ENOMEM (it has enough).
    public long topUpMemcache(long handle, long pa) {
        long checked = el2.regions.check(pa, Paging.PAGE_SIZE);
        if (checked != HypErrno.OK) {
            return checked;
        }
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            if (!el2.vms.exists(handle) || el2.vms.isDying(handle)) {
                return HypErrno.EINVAL;
            }
            Memcache cache = el2.vms.cache(handle);
            if (cache.size() == Memcache.CAPACITY) {
                return HypErrno.ENOMEM;
            }
            long donated = el2.hostCalls().donateLocked(pa);
            if (donated == HypErrno.OK) {
                cache.push(el2.memory, pa);
            }
            return donated;
        } finally {
            el2.lock.exit();
        }
    }

    /// The VM begins to end: EINVAL if it is unknown, one of its vCPUs is loaded, or it has begun already.
    public long startTeardown(long handle) {
        return el2.vms.startTeardown(handle);
    }

    /// Gives one page of a dying VM's tables back to the host, zeroed. The reference gives all back in one call, in a list; here
    /// every call is short.
    ///
    /// @return its address; 0 if none but the root is left; EINVAL if the VM is not dying
    public long reclaimTable(long handle) {
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            if (!el2.vms.isDying(handle)) {
                return HypErrno.EINVAL;
            }
            Memcache cache = el2.vms.cache(handle);
            long pa = cache.size() > 0 ? cache.pop(el2.memory)
                    : el2.guestStage2.unlinkTable(el2.vms.root(handle));
            if (pa < 0) {
                return 0;
            }
            el2.memory.zero(pa, Paging.PAGE_SIZE);
            el2.hostCalls().returnLocked(pa);
            return pa;
        } finally {
            el2.lock.exit();
        }
    }

    /// The end of a dying VM: its root page is the host's again, zeroed. Pages that were not reclaimed stay lost for the host.
    ///
    /// @return 0; EINVAL if the VM is not dying; EBUSY if it has tables left
    public long finalizeTeardown(long handle) {
        if (!el2.lock.tryEnter()) {
            return HypErrno.ERESTART;
        }
        try {
            if (!el2.vms.isDying(handle)) {
                return HypErrno.EINVAL;
            }
            long root = el2.vms.root(handle);
            if (el2.vms.cache(handle).size() != 0 || !el2.memory.isZero(root, Paging.PAGE_SIZE)) {
                return HypErrno.EBUSY;
            }
            el2.vms.remove(handle);
            el2.hostCalls().returnLocked(root);
            return HypErrno.OK;
        } finally {
            el2.lock.exit();
        }
    }
}
