package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;

import org.apiguardian.api.API;
import org.enclosure.api.dirty.DirtyLog;
import org.enclosure.api.dirty.PrivateDirtyLog;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.api.slot.Memslots;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.store.StoreOptions;
import org.enclosure.api.vcpu.Vcpu;

/// One virtual machine. Any thread, unless said. Whoever changes a closed one, or asks for its pages, gets EBADF.
@API(status = EXPERIMENTAL, since = "0.1")
public interface Vm extends AutoCloseable {
    /// Id of its type.
    String type();

    /// The policies in force: what was chosen, completed by the type's defaults.
    Map<PolicyKey, String> policies();

    /// Creates a gmem store.
    ///
    /// @param bytes a positive multiple of 4096; nothing is reserved
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for flags that the profile has not for this VM type, or an
    ///         illegal size, checked in this order
    GuestMemoryStore createStore(long bytes, Set<StoreFlag> flags);

    /// Creates a gmem store.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for flags that the profile has not for this VM type, a size that is
    ///         not a positive multiple of the kind's page size, or an illegal limit; ENOMEM if the host's pool has not enough
    ///         pages that are not set aside
    GuestMemoryStore createStore(StoreOptions options);

    /// The memslots.
    Memslots slots();

    /// Which pages are private.
    MemoryAttributes attributes();

    /// The calls of 2022 that make ranges private.
    MemoryRegions regions();

    /// Which pages are shared, as a list.
    SharedPages sharedPages();

    /// What a migration reads.
    Migration migration();

    /// Chooses which of the guest's hypercalls come to the VMM (KVM_CAP_EXIT_HYPERCALL): a bit per number. Without bit
    /// [org.enclosure.api.exit.VmExit#MAP_GPA_RANGE] the guest is answered by its architecture as if nobody took the call. All
    /// that are known are chosen at first.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL if a bit is not known
    void enableHypercallExits(long mask);

    /// The guest restarts: pending requests are forgotten, and by the policy `reboot` the engine makes all memory private, the
    /// guest will do so when vCPU 0 runs next, or the VMM does it before or after this call.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EBUSY if a vCPU runs; with `reboot=engine` as [ConversionService#convert],
    ///         and then the reboot has not happened
    void reboot();

    /// Conversions by guest address.
    ConversionService conversions();

    /// Launches an image as the initial payload: loads it in the architecture's order, measures it, and ends the launch. At
    /// most once, before a vCPU runs; the range must be backed by slots. If a page in the middle cannot be loaded, what is
    /// before it stays, and the same call again goes on with that page.
    ///
    /// @param image its length is a multiple of 4096
    /// @param options the architecture's launch settings; `gpa` says where the image starts
    /// @throws org.enclosure.api.GuestMemoryException EINVAL if the image or an option cannot be used; EBUSY if the launch is
    ///         over or a vCPU has run; EEXIST if a page of it was loaded by another call; EHWPOISON if its memory has failed;
    ///         ENOMEM; EIO if the architecture refuses
    LaunchReport launch(MemorySegment image, Map<String, String> options);

    /// Ends a launch whose content came by [Vcpu#preMap] alone.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL if nothing was loaded, EBUSY if the launch is over, EIO
    LaunchReport finishLaunch();

    /// Creates a vCPU.
    ///
    /// @param index 0 to the VM's maximum less 1
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for an illegal index, EEXIST if it is taken
    Vcpu createVcpu(int index);

    /// Creates a resolver in a vCPU's place.
    ///
    /// @throws org.enclosure.api.GuestMemoryException as [#createVcpu]
    AccessResolver createAccessResolver(int index);

    /// The address by which the guest reaches a gpa in the given kind.
    long address(long gpa, boolean isPrivate);

    /// What is known of one page.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EINVAL for a gpa that the VM cannot have
    PageReport inspect(long gpa);

    /// How many pages of all slots are in each of the architecture's states.
    Map<String, Long> pagesByState();

    /// Maps by larger pages again what was split, and is of one kind, in one block of frames and wholly in the tables now. A
    /// conversion does so by itself at its two ends, as far as all pages are there at that moment; what the guest has touched
    /// or accepted only afterwards waits for this call, which a VMM makes now and then. Where the engine keeps the leaves,
    /// they are taken away, and the next faults map by as much as the architecture takes. Takes the lock of conversions.
    ///
    /// @return how many blocks were mapped in pieces and are not any more
    long recoverHugePages();

    /// Which pages of host memory the guest has written.
    DirtyLog dirtyLog();

    /// Which pages of stores the guest has written.
    ///
    /// @throws org.enclosure.api.GuestMemoryException EOPNOTSUPP if the extension is off
    PrivateDirtyLog privateDirtyLog();

    /// The counters.
    VmStats stats();

    /// Ends the VM. What keeps memory of it (an open store) stays usable and keeps the structures alive.
    ///
    /// @throws IllegalStateException if a vCPU runs
    @Override
    void close();
}
