package org.enclosure.snp.host;

import static org.enclosure.snp.host.SevMachine.PRIVATE;
import static org.enclosure.snp.host.SevMachine.SHARED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmBackend;
import org.junit.jupiter.api.Test;

class SevTableTest {
    private static final long GFN = 0x400;
    private static final long PFN = 0x200;
    private static final long PLAIN = 0x0123_4567_89ab_cdefL;

    private final SevMachine machine = new SevMachine();
    private final VmBackend vm = machine.vm(SnpTypes.SEV);
    private final GuestTable table = vm.table();
    private final TableWork work = machine.work(TableWork.FAULT, PRIVATE);

    @Test
    void shouldPutAPrivatePageUnderTheGuestsKey() {
        machine.memory.putLong(PFN << 12, PLAIN);
        assertEquals(Status.OK, table.map(GFN, PFN, Paging.LEVEL_4K, work));
        assertEquals(Paging.LEVEL_4K, work.level);
        assertEquals(2, table.inspect(GFN, PFN, work));
        assertEquals(PLAIN, machine.memory.getLong(PFN << 12));
        FaultDetail detail = new FaultDetail();
        assertEquals(Status.JUNK, machine.platform.hostAccess(PFN, Access.READ, detail), "no fault, no plaintext");
        assertNotEquals(0, detail.owner);
    }

    @Test
    void shouldTakeAWholeLargePage() {
        assertEquals(Status.OK, table.map(GFN, PFN, Paging.LEVEL_2M, work));
        assertEquals(2, table.inspect(GFN, PFN + 511, work));
        assertEquals(1, table.inspect(GFN, PFN + 512, work));
        assertEquals(1, table.inspect(GFN, PFN - 1, work));
        assertEquals(0, table.inspect(GFN, -1, work));
    }

    @Test
    void shouldDenyAPageOfAnotherGuestAndNameItsOwner() {
        GuestTable other = machine.vm(SnpTypes.SEV_ES).table();
        assertEquals(Status.OK, other.map(GFN, PFN + 7, Paging.LEVEL_4K, machine.work(TableWork.FAULT, PRIVATE)));
        assertEquals(Status.DENIED, Status.kind(table.map(GFN, PFN, Paging.LEVEL_2M, work)));
        assertEquals(PFN + 7, work.detail.pfn);
        assertNotEquals(0, work.detail.owner);
        assertEquals(1, table.inspect(GFN, PFN, work), "a refused map changes nothing");
        assertEquals(3, table.inspect(GFN, PFN + 7, work));
        work.reset(TableWork.FAULT, SHARED);
        assertEquals(Status.DENIED, Status.kind(table.map(GFN, PFN + 7, Paging.LEVEL_4K, work)));
        assertEquals(2, other.inspect(GFN, PFN + 7, work));
    }

    @Test
    void shouldGiveAPageOutToOneGuestPage() {
        table.map(GFN, PFN, Paging.LEVEL_4K, work);
        assertEquals(Status.SPURIOUS, table.map(GFN, PFN, Paging.LEVEL_4K, work));
        assertEquals(Status.DENIED, Status.kind(table.map(GFN + 1, PFN, Paging.LEVEL_4K, work)));
        work.reset(TableWork.FAULT, SHARED);
        assertEquals(Status.DENIED, Status.kind(table.map(GFN, PFN, Paging.LEVEL_4K, work)), "it is removed first");
        assertEquals(2, table.inspect(GFN, PFN, work));
    }

    @Test
    void shouldLoseTheContentOfConvertedPagesOnly() {
        machine.memory.putLong(PFN << 12, PLAIN);
        table.map(GFN, PFN, Paging.LEVEL_4K, work);
        work.reset(TableWork.SLOT, PRIVATE);
        assertEquals(Status.OK, table.remove(GFN, PFN, 1, work));
        assertEquals(TableWork.KEPT, work.content);
        assertEquals(PLAIN, machine.memory.getLong(PFN << 12), "a slot that goes changes no page");
        work.reset(TableWork.CONVERT, PRIVATE);
        assertEquals(Status.OK, table.remove(GFN, PFN, 1, work));
        assertEquals(TableWork.LOST, work.content);
        assertEquals(1, work.done);
        assertNotEquals(PLAIN, machine.memory.getLong(PFN << 12));
        work.reset(TableWork.CONVERT, PRIVATE);
        assertEquals(Status.SPURIOUS, table.remove(GFN, PFN, 1, work));
        assertEquals(TableWork.KEPT, work.content);
    }

    @Test
    void shouldRefuseNothingBeforeAConversion() {
        work.reset(TableWork.CONVERT, PRIVATE);
        assertEquals(Status.OK, table.block(GFN, 1000, work));
        assertEquals(0, work.done, "nothing is in the guest's reach by this table");
        assertEquals(Status.OK, table.flush(work));
        assertEquals(Status.OK, table.convert(GFN, 1000, work));
    }

    @Test
    void shouldHaveNoEntriesToSplitOrMerge() {
        assertEquals(Status.SPURIOUS, table.resize(GFN, PFN, Paging.LEVEL_4K, work));
        assertEquals(Status.DENIED, Status.kind(table.resize(GFN, PFN, Paging.LEVEL_2M, work)));
    }

    @Test
    void shouldMakeRubbishOfAPageThatTheHostWrites() {
        machine.memory.putLong(PFN << 12, PLAIN);
        table.map(GFN, PFN, Paging.LEVEL_4K, work);
        FaultDetail detail = new FaultDetail();
        assertEquals(Status.STALE, machine.platform.hostAccess(PFN, Access.WRITE, detail),
                "there is no RMP that refuses");
        assertNotEquals(PLAIN, machine.memory.getLong(PFN << 12));
        assertEquals(2, table.inspect(GFN, PFN, work), "it is the guest's still");
    }
}
