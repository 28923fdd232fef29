package org.enclosure.api.vcpu;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.lang.foreign.MemorySegment;

import org.apiguardian.api.API;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.VmExit;

/// The VMM's face of a vCPU.
@API(status = EXPERIMENTAL, since = "0.1")
public interface Vcpu extends AutoCloseable {
    /// Number of this vCPU, 0 for the boot vCPU.
    int index();

    /// Runs a guest on the calling thread, which must be a platform thread, until it ends, the handler stops it, or an exit
    /// cannot be resumed.
    ///
    /// @param handler called on this thread at each exit; the view that it gets is valid during the call
    /// @return the exit that ended the run, valid until the next run
    /// @throws IllegalStateException if the vCPU runs already, its VM is closed, or the thread is virtual
    VmExit run(GuestProgram guest, ExitHandler handler);

    /// Puts initial content into private memory before the guest runs, page by page: the generic call that was asked for in place
    /// of one per architecture ("KVM: mm: fd-based approach for supporting KVM guest private memory", v7, August 2022). It goes
    /// the way of [org.enclosure.api.vm.Vm#launch]: the architecture loads and measures each page, and the launch is over with
    /// [org.enclosure.api.vm.Vm#finishLaunch()] or `launch`. The range is private and backed by slots.
    ///
    /// @param gpa first byte, a multiple of 4096
    /// @param source what to load; its length is a positive multiple of 4096
    /// @return bytes done; less than asked for if a page in the middle cannot be loaded: then the rest is asked for again
    /// @throws org.enclosure.api.GuestMemoryException if nothing was done: EINVAL for an illegal range, a VM type without private
    ///         memory, or a page that is not private; EOPNOTSUPP if the VM type takes no copies; EFAULT if no slot backs the
    ///         first page; EEXIST if it is loaded already; EBUSY if the launch is over; EHWPOISON if its memory has
    ///         failed; ENOMEM; EIO if the architecture refuses
    /// @throws IllegalStateException if the vCPU runs or is closed
    long preMap(long gpa, MemorySegment source);

    /// The same for content that is there already, loaded while the pages were shared and kept by their conversion: the
    /// destination is the source.
    ///
    /// @param bytes a positive multiple of 4096
    /// @throws org.enclosure.api.GuestMemoryException as [#preMap]; EOPNOTSUPP if the VM type cannot measure in place
    /// @throws IllegalStateException if the vCPU runs or is closed
    long preMapInPlace(long gpa, long bytes);

    /// Brings a range into the tables before the guest touches it, as reads of the kind that each page has (KVM_PRE_FAULT_MEMORY,
    /// `virt/kvm/kvm_main.c`). The vCPU does not run meanwhile. A huge mapping counts up to its end.
    ///
    /// @return how many bytes at the end of the range are left, 0 if none; the caller calls again with these
    /// @throws org.enclosure.api.GuestMemoryException if nothing was done: EINVAL if gpa or length is not a multiple of 4096, the
    ///         length is not positive or the range wraps; ENOENT if no memslot is at gpa; EFAULT if the slot has no memory of
    ///         the page's kind; EAGAIN if its memslot is being deleted or moved (profile newest; the older ones wait) or the host
    ///         holds a page that the guest has asked back; EINTR if the thread is interrupted or the vCPU is kicked; ENOMEM;
    ///         EHWPOISON; EIO if the architecture refuses
    /// @throws IllegalStateException if the vCPU runs or is closed
    long preFault(long gpa, long bytes);

    /// Makes a running vCPU leave the guest at its next memory access or poll, with the exit INTERRUPTED. Any thread.
    void kick();

    /// Holds a running vCPU at its next memory access or poll, until [#resume()]; returns when it is held, or at once if it
    /// does not run. Any thread but the vCPU's own.
    void pause();

    /// Lets a paused vCPU go on.
    void resume();

    /// What this vCPU has counted.
    VcpuStats stats();

    /// Ends the vCPU.
    ///
    /// @throws IllegalStateException if it runs
    @Override
    void close();
}
