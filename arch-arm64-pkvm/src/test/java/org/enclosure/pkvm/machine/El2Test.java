package org.enclosure.pkvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.Annotation;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.HypPage;
import org.enclosure.pkvm.wire.Owner;
import org.enclosure.pkvm.wire.PageState;
import org.enclosure.spi.OperationCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What the table of transitions does not say: ranges, sizes, tables, the host's stage 2, the life of VMs.
class El2Test {
    private static final long PAGE = Paging.PAGE_SIZE;
    private static final long PA = BareEl2.FREE;
    private static final long GFN = 0x4_0000;
    private static final long BLOCK = 512;

    // ---- ranges ---------------------------------------------------------------------------------------------------------

    @Test
    void shouldRefuseWhatIsNoRamOrCrossesARegion() {
        BareEl2 machine = new BareEl2(Profile.UNION);
        long np = machine.vm(false, 3);
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_SHARE_HYP", BareEl2.DEVICE));
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_DONATE_HYP", BareEl2.END + PAGE));
        assertEquals(HypErrno.EPERM, machine.call("HYP.FORCE_RECLAIM", BareEl2.DEVICE));
        assertEquals(HypErrno.EINVAL, machine.call("HYP.HOST_SHARE_HYP", PA + 8));
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_SHARE_GUEST", np, BareEl2.DEVICE, GFN, BLOCK, 7));
    }

    @Test
    void shouldShareABlockOnlyWhereItFits() {
        BareEl2 machine = new BareEl2(Profile.V7_1);
        long np = machine.vm(false, 3);
        assertEquals(HypErrno.EINVAL, machine.call("HYP.HOST_SHARE_GUEST", np, PA, GFN, 2, 7), "size");
        assertEquals(HypErrno.EINVAL, machine.call("HYP.HOST_SHARE_GUEST", np, PA, GFN + 1, BLOCK, 7), "gfn");
        assertEquals(HypErrno.EINVAL, machine.call("HYP.HOST_SHARE_GUEST", np, PA + PAGE, GFN, BLOCK, 7), "pa");
        assertEquals(HypErrno.EINVAL, machine.call("HYP.HOST_SHARE_GUEST", np, PA, GFN, 1, 8), "permissions");
        assertEquals(HypErrno.EINVAL, machine.call("HYP.HOST_SHARE_GUEST", np, PA, GFN, 1, 2), "not readable");
        machine.invoke("HYP.HOST_SHARE_GUEST", 0, np, PA, GFN, BLOCK, 7);
        assertEquals(HypErrno.E2BIG, machine.call("HYP.HOST_UNSHARE_GUEST", np, GFN, 1), "a block is one leaf");
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_SHARE_GUEST", np, PA, GFN + 3, 1, 7), "below the block");
        assertEquals(1, HypPage.shares(machine.el2.inspection().page((PA >>> 12) + 511)));
        machine.invoke("HYP.HOST_UNSHARE_GUEST", 0, np, GFN, BLOCK);
        assertEquals(HypPage.INITIAL, machine.el2.inspection().page((PA >>> 12) + 511));
        machine.invoke("HYP.HOST_SHARE_GUEST", 0, np, PA, GFN + 1, 1, 7);
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_SHARE_GUEST", np, PA, GFN, BLOCK, 7), "a table is there");
    }

    @Test
    void shouldTakeNoPageOfABlockInWhichOneIsForeign() {
        BareEl2 machine = new BareEl2(Profile.V7_1);
        long np = machine.vm(false, 3);
        machine.invoke("HYP.HOST_SHARE_HYP", 0, PA + 300 * PAGE);
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_SHARE_GUEST", np, PA, GFN, BLOCK, 7));
        for (int i = 0; i < BLOCK; i++) {
            assertEquals(0, HypPage.shares(machine.el2.inspection().page((PA >>> 12) + i)));
        }
    }

    @Test
    void shouldCountNoMoreThanItCan() {
        BareEl2 machine = new BareEl2(Profile.UNION);
        long np = machine.vm(false, 3);
        machine.invoke("SETUP.PAGE", 0, PA, PageState.SHARED_OWNED, PageState.NOPAGE, 0, 0, 0, HypPage.MAX_SHARES, 0);
        assertEquals(HypErrno.EBUSY, machine.call("HYP.HOST_SHARE_GUEST", np, PA, GFN, 1, 7));
        machine.invoke("SETUP.PAGE", 0, PA, PageState.SHARED_OWNED, PageState.SHARED_BORROWED, 0, 0, 0, 0,
                HypPage.MAX_PINS);
        assertEquals(HypErrno.EBUSY, machine.call("HYP.HYP_PIN_SHARED_MEM", PA));
        machine.invoke("SETUP.PAGE", 0, PA, PageState.SHARED_OWNED, PageState.NOPAGE, 0, 0, 0, 0, 0);
        machine.invoke("TEST.SET_GUEST_LEAF", 0, np, GFN, PageState.SHARED_BORROWED, PA);
        assertEquals(HypErrno.EINVAL, machine.call("HYP.HOST_UNSHARE_GUEST", np, GFN, 1), "a count of 0");
    }

    // ---- memory for tables ----------------------------------------------------------------------------------------------

    @Test
    void shouldNeedAsManyTablesAsAreMissingAndChangeNothingWithoutThem() {
        BareEl2 machine = new BareEl2(Profile.V7_1);
        long vm = machine.vm(true, 2);
        assertEquals(HypErrno.ENOMEM, machine.call("HYP.HOST_DONATE_GUEST", vm, PA, GFN));
        assertEquals(HypPage.INITIAL, machine.el2.inspection().page(PA >>> 12));
        assertEquals(2, machine.el2.inspection().memcache(vm), "nothing was used");
        assertEquals(1, machine.el2.inspection().tablesMissing(vm, GFN, 1));
        machine.invoke("HYP.TOPUP_MEMCACHE", 0, vm, BareEl2.FREE + 64 * PAGE);
        machine.invoke("HYP.HOST_DONATE_GUEST", 0, vm, PA, GFN);
        machine.invoke("HYP.HOST_DONATE_GUEST", 0, vm, PA + PAGE, GFN + 1);
        assertEquals(HypErrno.ENOMEM, machine.call("HYP.HOST_DONATE_GUEST", vm, PA + 2 * PAGE, GFN + BLOCK));
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_DONATE_GUEST", vm, PA, GFN + BLOCK),
                "the state of the page is looked at before the tables");
    }

    @Test
    void shouldTrustNothingThatStandsInAPageForTables() {
        BareEl2 machine = new BareEl2(Profile.V7_1);
        long vm = machine.vm(true, 0);
        for (int table = 0; table < 3; table++) {
            long pa = BareEl2.FREE + (100 + table) * PAGE;
            for (long at = pa; at < pa + PAGE; at += 8) {
                machine.memory.putLong(at, Descriptor.leaf(PA, 1, PageState.OWNED));
            }
            machine.invoke("HYP.TOPUP_MEMCACHE", 0, vm, pa);
        }
        machine.invoke("HYP.HOST_DONATE_GUEST", 0, vm, PA, GFN);
        assertEquals(-1, machine.el2.inspection().guestPfn(vm, GFN + 1));
        assertEquals(-1, machine.el2.inspection().guestPfn(vm, 0));
    }

    // ---- the host's stage 2 ---------------------------------------------------------------------------------------------

    @Test
    void shouldMapTheLargestBlockAndNeverOneOverAHole() {
        BareEl2 machine = new BareEl2(Profile.V7_1);
        long vm = machine.vm(true, 3);
        assertEquals(0, leaf(machine, PA + BLOCK * PAGE).out(0), "nothing is mapped before the first touch");
        machine.invoke("HOST.ACCESS", 0, PA + BLOCK * PAGE, 0, 0);
        assertEquals(Paging.LEVEL_2M, leaf(machine, PA + BLOCK * PAGE).out(1));
        machine.invoke("HOST.ACCESS", 0, PA, 0, 0);
        machine.invoke("HYP.HOST_DONATE_GUEST", 0, vm, PA + 7 * PAGE, GFN);
        assertEquals(Paging.LEVEL_4K, leaf(machine, PA).out(1), "a hole splits the block");
        assertTrue(Descriptor.isValid(leaf(machine, PA + 8 * PAGE).out(0)), "the pages around it stay mapped");
        assertEquals(Annotation.guest(true, vm, GFN), leaf(machine, PA + 7 * PAGE).out(0));
        long other = PA + 2 * BLOCK * PAGE;
        machine.invoke("HYP.HOST_DONATE_HYP", 0, other + PAGE);
        machine.invoke("HOST.ACCESS", 0, other, 0, 0);
        assertEquals(Paging.LEVEL_4K, leaf(machine, other).out(1));
        assertEquals(Annotation.hyp(true), leaf(machine, other + PAGE).out(0));
        machine.invoke("HYP.HYP_DONATE_HOST", 0, other + PAGE);
        assertTrue(Descriptor.isValid(leaf(machine, other + PAGE).out(0)), "a page that comes back is mapped");
    }

    private static OperationCall leaf(BareEl2 machine, long pa) {
        return machine.invoke("STATE.HOST_LEAF", 0, pa);
    }

    @ParameterizedTest
    @CsvSource({"V7_1,0,11", "V7_1,1,0", "ANDROID16,0,11", "ANDROID16,1,11", "UNION,1,0"})
    void shouldGiveTheHostWhatItsKernelGives(Profile profile, int kernel, int signal) {
        BareEl2 machine = new BareEl2(profile);
        long vm = machine.vm(true, 3);
        machine.memory.putLong(PA, 42);
        machine.invoke("HYP.HOST_DONATE_GUEST", 0, vm, PA, GFN);
        boolean forced = signal == 0;
        OperationCall call = machine.invoke("HOST.ACCESS", forced ? 0 : HypErrno.EPERM, PA, 1, kernel);
        assertEquals(signal, call.out(0));
        assertEquals(forced ? 1 : 0, call.out(2), "taken by force");
        assertEquals(kernel == 1 ? 0x9600_00c7L : 0x9200_00c7L, call.out(1),
                "syndrome: S1PTW, write, translation, level 3");
        assertEquals(forced ? 0 : 42, machine.memory.getLong(PA), "what is taken by force is wiped");
        assertEquals(forced ? PageState.POISON : PageState.OWNED, machine.el2.inspection().guestState(vm, GFN));
    }

    @Test
    void shouldPanicOnAnOldKernel() {
        BareEl2 machine = new BareEl2(Profile.V6_18);
        machine.invoke("HYP.HOST_DONATE_HYP", 0, PA);
        assertEquals(255, machine.invoke("HOST.ACCESS", HypErrno.EPERM, PA, 0, 1).out(0));
        assertTrue(machine.el2.isPanicked());
    }

    @Test
    void shouldNotTakeAKernelsOwnPageByForce() {
        BareEl2 machine = new BareEl2(Profile.V7_1);
        machine.invoke("HYP.HOST_DONATE_HYP", 0, PA);
        assertEquals(11, machine.invoke("HOST.ACCESS", HypErrno.EPERM, PA, 0, 1).out(0));
        assertEquals(Owner.HYP, machine.el2.inspection().owner(PA >>> 12));
    }

    // ---- VMs ------------------------------------------------------------------------------------------------------------

    @Test
    void shouldEndAVmInItsOrder() {
        BareEl2 machine = new BareEl2(Profile.V7_1);
        long vm = machine.vm(true, 3);
        machine.invoke("HYP.HOST_DONATE_GUEST", 0, vm, PA, GFN);
        machine.invoke("HYP.VCPU_LOAD", 0, vm);
        assertEquals(HypErrno.EINVAL, machine.call("HYP.START_TEARDOWN", vm), "a vCPU is loaded");
        assertEquals(HypErrno.EINVAL, machine.call("HYP.RECLAIM_GUEST_PAGE", vm, GFN, PA), "it is not dying");
        assertEquals(HypErrno.EINVAL, machine.call("HYP.RECLAIM_TABLE", vm));
        assertEquals(HypErrno.EINVAL, machine.call("HYP.FINALIZE_TEARDOWN", vm));
        machine.invoke("HYP.VCPU_PUT", 0, vm);
        assertEquals(HypErrno.EINVAL, machine.call("HYP.VCPU_PUT", vm), "none is loaded");
        machine.invoke("HYP.START_TEARDOWN", 0, vm);
        assertEquals(HypErrno.EINVAL, machine.call("HYP.START_TEARDOWN", vm), "it has begun");
        assertEquals(HypErrno.EINVAL, machine.call("HYP.VCPU_LOAD", vm), "a dying VM does not run");
        assertEquals(HypErrno.EINVAL, machine.call("HYP.TOPUP_MEMCACHE", vm, PA + PAGE));
        machine.invoke("HYP.RECLAIM_GUEST_PAGE", 0, vm, GFN, PA);
        assertEquals(HypErrno.EBUSY, machine.call("HYP.FINALIZE_TEARDOWN", vm), "it has tables");
        Set<Long> tables = new HashSet<>();
        for (long pa = machine.invoke("HYP.RECLAIM_TABLE", 0, vm).out(0); pa != 0; pa = machine
                .invoke("HYP.RECLAIM_TABLE", 0, vm).out(0)) {
            assertTrue(tables.add(pa));
            assertTrue(machine.memory.isZero(pa, PAGE));
            assertEquals(PageState.OWNED, HypPage.host(machine.el2.inspection().page(pa >>> 12)));
        }
        assertEquals(3, tables.size());
        machine.invoke("HYP.FINALIZE_TEARDOWN", 0, vm);
        assertEquals(HypErrno.EINVAL, machine.call("HYP.FINALIZE_TEARDOWN", vm));
        assertNotEquals(vm, machine.vm(true, 0), "a handle is not used again at once");
    }

    @Test
    void shouldNotTakeAPageOfAVmThatIsGone() {
        BareEl2 machine = new BareEl2(Profile.V7_1);
        long vm = machine.vm(true, 3);
        machine.invoke("HYP.HOST_DONATE_GUEST", 0, vm, PA, GFN);
        machine.invoke("HYP.START_TEARDOWN", 0, vm);
        while (machine.invoke("HYP.RECLAIM_TABLE", 0, vm).out(0) != 0) {
            // The page goes with its table: its host never gets it back.
        }
        machine.invoke("HYP.FINALIZE_TEARDOWN", 0, vm);
        assertEquals(HypErrno.EAGAIN, machine.call("HYP.FORCE_RECLAIM", PA));
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_DONATE_HYP", PA));
    }

    @ParameterizedTest
    @EnumSource(value = Profile.class, names = {"V7_1", "ANDROID16", "UNION"})
    void shouldKeepCallsForTheOtherKindOfVmAway(Profile profile) {
        BareEl2 machine = new BareEl2(profile);
        long np = machine.vm(false, 3);
        long prot = machine.vm(true, 3);
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_SHARE_GUEST", prot, PA, GFN, 1, 7));
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_UNSHARE_GUEST", prot, GFN, 1));
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_WRPROTECT_GUEST", prot, GFN));
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_RELAX_PERMS_GUEST", prot, GFN, 7));
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_TEST_CLEAR_YOUNG_GUEST", prot, GFN));
        assertEquals(HypErrno.EPERM, machine.call("HYP.HOST_DONATE_GUEST", np, PA, GFN));
        assertEquals(HypErrno.EPERM, machine.call("HYP.GUEST_SHARE_HOST", np, GFN));
        assertEquals(HypErrno.EINVAL, machine.call("HYP.HOST_DONATE_GUEST", prot + 7, PA, GFN), "no such VM");
    }

    @Test
    void shouldHaveNoCallOfAnotherKernel() {
        assertEquals(HypErrno.EOPNOTSUPP, new BareEl2(Profile.ANDROID16).call("HYP.FORCE_RECLAIM", PA));
        BareEl2 mainline = new BareEl2(Profile.V7_1);
        assertEquals(HypErrno.EOPNOTSUPP, mainline.call("HYP.GUEST_RELINQUISH", mainline.vm(true, 3), GFN));
        assertEquals(HypErrno.EOPNOTSUPP, new BareEl2(Profile.V6_18).call("HYP.INIT_VM", PA, 1));
    }

    @Test
    void shouldReclaimAsAndroidDoes() {
        BareEl2 machine = new BareEl2(Profile.ANDROID16);
        long vm = machine.vm(true, 3);
        machine.invoke("HYP.HOST_DONATE_GUEST", 0, vm, PA, GFN);
        machine.invoke("HYP.START_TEARDOWN", 0, vm);
        assertEquals(HypErrno.EINVAL, machine.call("HYP.RECLAIM_GUEST_PAGE", vm, GFN, PA + PAGE), "another page");
        machine.invoke("HYP.RECLAIM_GUEST_PAGE", 0, vm, GFN, PA);
    }

    @Test
    void shouldChangePermissionsOfUnprotectedGuestsAlone() {
        BareEl2 machine = new BareEl2(Profile.V7_1);
        long np = machine.vm(false, 3);
        machine.invoke("HYP.HOST_SHARE_GUEST", 0, np, PA, GFN, 1, 7);
        machine.invoke("HYP.HOST_WRPROTECT_GUEST", 0, np, GFN);
        assertEquals(0, machine.el2.inspection().guestDescriptor(np, GFN) & Descriptor.WRITE);
        machine.invoke("HYP.HOST_RELAX_PERMS_GUEST", 0, np, GFN, 3);
        assertEquals(Descriptor.WRITE, machine.el2.inspection().guestDescriptor(np, GFN) & Descriptor.WRITE);
        assertEquals(1, machine.call("HYP.HOST_TEST_CLEAR_YOUNG_GUEST", np, GFN));
        assertEquals(0, machine.call("HYP.HOST_TEST_CLEAR_YOUNG_GUEST", np, GFN));
        machine.invoke("HYP.HOST_MKYOUNG_GUEST", 0, np, GFN);
        assertEquals(1, machine.call("HYP.HOST_TEST_CLEAR_YOUNG_GUEST", np, GFN));
        assertEquals(HypErrno.ENOENT, machine.call("HYP.HOST_MKYOUNG_GUEST", np, GFN + 1));
    }
}
