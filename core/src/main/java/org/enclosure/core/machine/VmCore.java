package org.enclosure.core.machine;

import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.attr.AttributeMap;
import org.enclosure.core.dirty.DirtyTracking;
import org.enclosure.core.s2.S2Table;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.slot.SlotTable;
import org.enclosure.core.translation.TranslationDomain;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.jspecify.annotations.Nullable;

/// The wiring of one VM: what the fault core, the conversion engine and the vCPUs share. Final fields, and the three things
/// that change: the slots, whether the VM is dead, and the list of vCPUs.
public final class VmCore {
    /// gfns below this exist where the engine owns no half.
    private static final long DEFAULT_GFN_LIMIT = 1L << 36;

    private final HostCore host;
    private final VmBackend backend;
    private final GuestTable table;
    private final VmTraits traits;
    private final PolicyChoices policies;
    private final @Nullable S2Table s2;
    private final @Nullable AttributeMap attributes;
    private final TranslationDomain domain = new TranslationDomain();
    private final DirtyTracking dirty = new DirtyTracking(domain);
    private final ReentrantLock mutation = new ReentrantLock();
    private final PendingPages pending = new PendingPages();
    private final long tagMask;
    private final long gfnLimit;
    // What every fault asks for, worked out once.
    private final boolean ownsPrivate;
    private final boolean ownsShared;
    private final boolean backendZeroes;
    private final int framesPerFault;
    private final int maxLevel;
    private volatile SlotTable slots = SlotTable.EMPTY;
    private volatile @Nullable SlotEntry retiring;
    private volatile GuestEntry[] entries = {};
    private volatile boolean dead;
    private volatile boolean closed;
    private volatile boolean ran;
    private volatile boolean windowed;
    private volatile boolean takesRequests = true;
    private volatile boolean resetsAtBoot;

    /// Wires a VM.
    ///
    /// @param s2 the engine's stage 2, null where it owns no half
    /// @param attributes kinds by gfn, null where stores keep them
    public VmCore(HostCore host, VmBackend backend, PolicyChoices policies, @Nullable S2Table s2,
            @Nullable AttributeMap attributes) {
        this.host = host;
        this.backend = backend;
        this.policies = policies;
        this.s2 = s2;
        this.attributes = attributes;
        table = backend.table();
        traits = backend.traits();
        AddressTag tag = traits.tag();
        tagMask = tag == null ? 0 : tag.mask();
        gfnLimit = Math.min(traits.format() == null ? DEFAULT_GFN_LIMIT : traits.format().gfnLimit(),
                tagMask == 0 ? DEFAULT_GFN_LIMIT : tagMask >>> 12);
        ownsPrivate = traits.engineOwns(true);
        ownsShared = traits.engineOwns(false);
        backendZeroes = traits.has(VmTrait.ZEROES_BEFORE_USE);
        framesPerFault = traits.framesPerMap() + (s2 == null ? 0 : s2.framesNeeded());
        maxLevel = Math.min(traits.maxLevel(), policies.maxLevel());
    }

    /// The host.
    public HostCore host() {
        return host;
    }

    /// The backend.
    public VmBackend backend() {
        return backend;
    }

    /// The backend's tables.
    public GuestTable table() {
        return table;
    }

    /// The traits in force.
    public VmTraits traits() {
        return traits;
    }

    /// The policies in force.
    public PolicyChoices policies() {
        return policies;
    }

    /// The engine's stage 2, or null.
    public @Nullable S2Table s2() {
        return s2;
    }

    /// Kinds by gfn, or null where stores keep them.
    public @Nullable AttributeMap attributes() {
        return attributes;
    }

    /// The pages that the guest has asked back and the host still holds.
    public PendingPages pending() {
        return pending;
    }

    /// Who has written what.
    public DirtyTracking dirty() {
        return dirty;
    }

    /// Who holds translations of gfns.
    public TranslationDomain domain() {
        return domain;
    }

    /// The one lock of everything that changes slots, stores or attributes; faults never take it.
    public ReentrantLock mutation() {
        return mutation;
    }

    /// The slots now. ORDERING: volatile; a fault reads them after its snapshot of the sequence.
    public SlotTable slots() {
        return slots;
    }

    /// Publishes new slots; the caller holds the mutation lock.
    public void publish(SlotTable next) {
        slots = next;
    }

    /// Says which slot is about to be deleted or moved, and null when that is over; the caller holds the mutation lock.
    public void retire(@Nullable SlotEntry slot) {
        retiring = slot;
    }

    /// Whether a gfn lies in a slot that is about to go. ORDERING: volatile; set before the invalidation begins.
    public boolean isRetiring(long gfn) {
        SlotEntry slot = retiring;
        return slot != null && slot.contains(gfn);
    }

    /// The first gfn that does not exist.
    public long gfnLimit() {
        return gfnLimit;
    }

    /// Whether addresses tell the kind of an access.
    public boolean isTagged() {
        return tagMask != 0;
    }

    /// The address bit that tells the kind, 0 if none.
    public long tagMask() {
        return tagMask;
    }

    /// Whether an access to an address is to private memory, as far as the address tells.
    public boolean asksPrivate(long address) {
        AddressTag tag = traits.tag();
        return tag != null && tag.isPrivate(address);
    }

    /// Whether the kind of a gfn without a slot is private.
    public boolean isPrivateWithoutSlot(long gfn) {
        return attributes != null && attributes.isPrivate(gfn);
    }

    /// Whether all gfns of `[start, end)`, which no slot covers, have a kind.
    public boolean isUniformWithoutSlot(long start, long end, boolean isPrivate) {
        return attributes == null ? !isPrivate : attributes.isUniform(start, end, isPrivate);
    }

    /// Whether the engine keeps the leaves of a half.
    public boolean engineOwns(boolean privateHalf) {
        return privateHalf ? ownsPrivate : ownsShared;
    }

    /// Whether the engine zeroes pages of a kind.
    public boolean zeroes(boolean isPrivate) {
        return !(isPrivate && backendZeroes);
    }

    /// The most table frames that one fault needs.
    public int framesPerFault() {
        return framesPerFault;
    }

    /// The largest mapping level.
    public int maxLevel() {
        return maxLevel;
    }

    /// Whether a guest instruction may look at a page without a translation of it: then a page that is taken away is shot down
    /// even if no translation of it was found. ORDERING: volatile; set before the check for an invalidation in progress.
    public boolean isWindowed() {
        return windowed;
    }

    /// Says that guest instructions look at pages.
    public void useWindow() {
        if (!windowed) {
            windowed = true;
        }
    }

    /// Whether the VMM takes the guest's conversion requests.
    public boolean takesRequests() {
        return takesRequests;
    }

    /// Chooses that.
    public void takeRequests(boolean takes) {
        takesRequests = takes;
    }

    /// Whether the guest has to make its memory private when it boots next.
    public boolean resetsAtBoot() {
        return resetsAtBoot;
    }

    /// Chooses that.
    public void resetAtBoot(boolean resets) {
        resetsAtBoot = resets;
    }

    /// Adds a vCPU.
    public void add(GuestEntry entry) {
        mutation.lock();
        try {
            GuestEntry[] next = java.util.Arrays.copyOf(entries, entries.length + 1);
            next[next.length - 1] = entry;
            entries = next;
        } finally {
            mutation.unlock();
        }
    }

    /// Removes a vCPU, which does not run.
    public void remove(GuestEntry entry) {
        mutation.lock();
        try {
            entries = java.util.Arrays.stream(entries).filter(other -> other != entry).toArray(GuestEntry[]::new);
        } finally {
            mutation.unlock();
        }
    }

    /// Makes all vCPUs leave the guest once.
    public void kickAll() {
        for (GuestEntry entry : entries) {
            entry.kick();
        }
    }

    /// Refuses a call on a VM that has ended: its tables are another's by now. Calls that change something look under the mutation
    /// lock, under which it ends.
    ///
    /// @throws GuestMemoryException EBADF
    public void checkOpen() {
        if (closed) {
            throw new GuestMemoryException(Errno.EBADF, "the VM is closed");
        }
    }

    /// Whether it has ended.
    public boolean isClosed() {
        return closed;
    }

    /// The VM ends; the caller holds the mutation lock.
    public void close() {
        closed = true;
    }

    /// Whether the architecture has killed the VM.
    public boolean isDead() {
        return dead;
    }

    /// A guest has been entered: from now on nothing is launched.
    public void noteRun() {
        if (!ran) {
            ran = true;
        }
    }

    /// Whether a guest was ever entered. ORDERING: volatile; a launch looks before its first page.
    public boolean hasRun() {
        return ran;
    }

    /// The VM never runs again; its vCPUs notice at their next slow path.
    public void kill() {
        dead = true;
        domain.shootdown(0, 0, null);
    }
}
