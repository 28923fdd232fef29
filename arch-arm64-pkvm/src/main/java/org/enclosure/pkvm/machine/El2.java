package org.enclosure.pkvm.machine;

import java.util.List;

import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;

/// The hypervisor of one machine: its calls, by who makes them, and the state behind them.
///
/// Any thread. Every call checks everything first and then commits, so that one that fails has changed nothing.
public final class El2 {
    final PhysicalMemory memory;
    final Profile profile;
    final Regions regions;
    final El2Lock lock = new El2Lock();
    final HypPages pages;
    final HostStage2 hostStage2;
    final GuestStage2 guestStage2;
    final VmTable vms = new VmTable();
    private final HostCalls hostCalls;
    private final VmCalls vmCalls;
    private final SharedGuestCalls sharedGuestCalls;
    private final ProtectedGuestCalls protectedGuestCalls;
    private final GuestCalls guestCalls;
    private final Hypercalls hypercalls;
    private final Inspection inspection;
    private volatile boolean panicked;

    /// Starts EL2 on a machine whose memory belongs to the host.
    public El2(PhysicalMemory memory, List<MemoryRange> ranges, Profile profile) {
        this.memory = memory;
        this.profile = profile;
        regions = new Regions(memory, ranges);
        pages = new HypPages(regions.pfnLimit());
        hostStage2 = new HostStage2(regions);
        guestStage2 = new GuestStage2(memory);
        hostCalls = new HostCalls(this);
        vmCalls = new VmCalls(this);
        sharedGuestCalls = new SharedGuestCalls(this);
        protectedGuestCalls = new ProtectedGuestCalls(this);
        guestCalls = new GuestCalls(this);
        hypercalls = new Hypercalls(this);
        inspection = new Inspection(this);
    }

    /// Whose EL2 it is.
    public Profile profile() {
        return profile;
    }

    /// Physical memory.
    public PhysicalMemory memory() {
        return memory;
    }

    /// The host shares with the hypervisor, and gives to it; the host's own accesses.
    public HostCalls hostCalls() {
        return hostCalls;
    }

    /// VMs come, run and go.
    public VmCalls vmCalls() {
        return vmCalls;
    }

    /// The host shares its pages with unprotected guests.
    public SharedGuestCalls sharedGuestCalls() {
        return sharedGuestCalls;
    }

    /// The host gives pages to protected guests, and takes them back.
    public ProtectedGuestCalls protectedGuestCalls() {
        return protectedGuestCalls;
    }

    /// A protected guest shares its pages with the host.
    public GuestCalls guestCalls() {
        return guestCalls;
    }

    /// What HVC does.
    public Hypercalls hypercalls() {
        return hypercalls;
    }

    /// The tables of guests, to walk.
    public GuestStage2 guestStage2() {
        return guestStage2;
    }

    /// What tests and reports see.
    public Inspection inspection() {
        return inspection;
    }

    /// The hypervisor gives up: no VM runs on this machine any more.
    void panic() {
        panicked = true;
    }

    /// Whether the hypervisor has given up.
    public boolean isPanicked() {
        return panicked;
    }
}
