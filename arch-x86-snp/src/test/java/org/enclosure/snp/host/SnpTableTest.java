package org.enclosure.snp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.enclosure.api.Access;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.FaultBits;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.tck.probe.AllocationProbe;
import org.junit.jupiter.api.Test;

/// What the host does with the RMP, and what the guest gets, without an engine.
class SnpTableTest {
    private static final int PRIVATE_WRITE = Access.WRITE | Access.PRIVATE;
    private static final long PFN = 0x400;
    private static final long GFN = 0x4_0000;
    private static final long VALID = 3;
    private static final long INVALID = 2;
    private static final long HYPERVISOR = 1;

    private final TableWork work = new TableWork(new FrameCache(0));
    private final FaultDetail detail = new FaultDetail();

    private long map(BareGuest guest, long gfn, long pfn, int level) {
        work.reset(TableWork.FAULT, PRIVATE_WRITE);
        return guest.table().map(gfn, pfn, level, work);
    }

    private long admit(BareGuest guest, long gfn, long pfn, int level, int access) {
        detail.reset();
        return guest.vcpu().admit(gfn, Leaf.of(pfn, level, Leaf.ALL), access, detail);
    }

    private static long pvalidate(BareGuest guest, long gfn, long leaf, boolean large, boolean validate) {
        GuestCall call = new GuestCall();
        RegisterFile registers = new RegisterFile();
        call.leaf = leaf;
        registers.set(Abi.RAX, gfn << 12);
        registers.set(Abi.RCX, large ? 1 : 0);
        registers.set(Abi.RDX, validate ? 1 : 0);
        long status = guest.vcpu().trap(Abi.PVALIDATE, registers, call);
        return status < 0 ? status : registers.get(Abi.RAX) << 8 | registers.get(Abi.RFLAGS) & Abi.CF;
    }

    @Test
    void shouldRaiseAnEventUntilThePageIsValidated() {
        try (BareGuest guest = new BareGuest()) {
            assertEquals(Status.OK, map(guest, GFN, PFN, 1));
            assertEquals(INVALID, guest.table().inspect(GFN, PFN, work));
            long refused = admit(guest, GFN, PFN, 1, PRIVATE_WRITE);
            assertEquals(Status.TO_GUEST, Status.kind(refused));
            assertEquals(GuestEvent.UNACCEPTED, detail.event);
            assertEquals(0x404, detail.code);
            assertEquals(0, pvalidate(guest, GFN, Leaf.of(PFN, 1, Leaf.ALL), false, true));
            assertEquals(VALID, guest.table().inspect(GFN, PFN, work));
            assertEquals(Leaf.of(PFN, 1, Leaf.ALL), admit(guest, GFN, PFN, 1, PRIVATE_WRITE));
            assertEquals(1, pvalidate(guest, GFN, Leaf.of(PFN, 1, Leaf.ALL), false, true), "carry: nothing changed");
        }
    }

    @Test
    void shouldSmashAPageOfTwoMegabytesWhenTheGuestMapsItSmaller() {
        try (BareGuest guest = new BareGuest()) {
            assertEquals(Status.OK, map(guest, GFN, PFN, 2));
            assertEquals(2, work.level);
            assertEquals(0, pvalidate(guest, GFN, Leaf.of(PFN, 2, Leaf.ALL), true, true));
            long split = admit(guest, GFN + 3, PFN + 3, 1, PRIVATE_WRITE);
            assertEquals(Status.SPLIT, Status.kind(split));
            assertEquals(1, Status.argument(split));
            assertTrue((detail.code & FaultBits.SIZEM) != 0);
            assertEquals(Status.OK, guest.table().resize(GFN, PFN, 1, work));
            assertEquals(Status.SPURIOUS, guest.table().resize(GFN, PFN, 1, work));
            assertTrue(admit(guest, GFN + 3, PFN + 3, 1, PRIVATE_WRITE) > 0, "validation survives");
        }
    }

    @Test
    void shouldAskForSmallPagesWhereOneOfTheRegionIsAssigned() {
        try (BareGuest guest = new BareGuest()) {
            assertEquals(Status.OK, map(guest, GFN + 9, PFN + 9, 1));
            long status = map(guest, GFN, PFN, 2);
            assertEquals(Status.LEVEL, Status.kind(status));
            assertEquals(1, Status.argument(status));
            assertEquals(HYPERVISOR, guest.table().inspect(GFN, PFN, work));
        }
    }

    @Test
    void shouldGiveBackPartsOfALargePage() {
        try (BareGuest guest = new BareGuest()) {
            map(guest, GFN, PFN, 2);
            pvalidate(guest, GFN, Leaf.of(PFN, 2, Leaf.ALL), true, true);
            work.reset(TableWork.CONVERT, Access.PRIVATE);
            assertEquals(Status.OK, guest.table().remove(GFN + 5, PFN + 5, 2, work));
            assertEquals(TableWork.LOST, work.content);
            assertEquals(HYPERVISOR, guest.table().inspect(GFN + 5, PFN + 5, work));
            assertEquals(VALID, guest.table().inspect(GFN + 4, PFN + 4, work));
            assertEquals(VALID, guest.table().inspect(GFN + 7, PFN + 7, work));
            work.reset(TableWork.CONVERT, Access.PRIVATE);
            assertEquals(Status.OK, guest.table().remove(GFN, PFN, 512, work));
            assertEquals(HYPERVISOR, guest.table().inspect(GFN + 511, PFN + 511, work));
            assertEquals(Status.SPURIOUS, guest.table().remove(GFN, PFN, 512, work));
            assertEquals(TableWork.KEPT, work.content);
        }
    }

    @Test
    void shouldLeaveNoPlaintextInAPageThatIsGivenBack() {
        try (BareGuest guest = new BareGuest()) {
            map(guest, GFN, PFN, 1);
            guest.memory().putLong(PFN << 12, 0x5ec2e7);
            work.reset(TableWork.CONVERT, Access.PRIVATE);
            guest.table().remove(GFN, PFN, 1, work);
            assertTrue(guest.memory().getLong(PFN << 12) != 0x5ec2e7);
        }
    }

    @Test
    void shouldRefuseAPageThatIsMappedElsewhere() {
        try (BareGuest guest = new BareGuest()) {
            map(guest, GFN, PFN, 1);
            assertEquals(Status.DENIED, Status.kind(map(guest, GFN + 1, PFN, 1)));
            work.reset(TableWork.FAULT, Access.WRITE);
            assertEquals(Status.DENIED, Status.kind(guest.table().map(GFN, PFN, 1, work)), "shared while private");
            assertEquals(Status.DENIED, Status.kind(guest.platform().hostAccess(PFN, Access.WRITE, detail)));
            assertEquals(FaultBits.RMP, detail.code & FaultBits.RMP);
            assertEquals(Status.JUNK, guest.platform().hostAccess(PFN, Access.READ, detail));
        }
    }

    @Test
    void shouldTellTheEngineThatARescindedPageIsStale() {
        try (BareGuest guest = new BareGuest()) {
            map(guest, GFN, PFN, 1);
            pvalidate(guest, GFN, Leaf.of(PFN, 1, Leaf.ALL), false, true);
            GuestCall call = new GuestCall();
            RegisterFile registers = new RegisterFile();
            call.leaf = Leaf.of(PFN, 1, Leaf.ALL);
            registers.set(Abi.RAX, GFN << 12);
            assertEquals(Status.STALE, guest.vcpu().trap(Abi.PVALIDATE, registers, call));
            assertEquals(GFN, call.detail.gfn);
            assertEquals(1, call.detail.npages);
        }
    }

    @Test
    void shouldAllocateNothingOnCheckAndAssign() {
        try (BareGuest guest = new BareGuest()) {
            assertEquals(0, AllocationProbe.least(10, 10_000, () -> {
                map(guest, GFN + 1, PFN + 1, 1);
                admit(guest, GFN + 1, PFN + 1, 1, PRIVATE_WRITE);
                work.reset(TableWork.CONVERT, Access.PRIVATE);
                guest.table().remove(GFN + 1, PFN + 1, 1, work);
            }));
        }
    }
}
