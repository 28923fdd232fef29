package org.enclosure.tck.contract;

import static org.enclosure.tck.machine.TestVm.FRESH;
import static org.enclosure.tck.machine.TestVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.SplittableRandom;

import org.enclosure.api.Access;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VmType;
import org.enclosure.tck.machine.DirectTable;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.machine.TestVm;
import org.enclosure.tck.plugin.Plugin;

/// ADM-1 to ADM-3, STALE-1: what a vCPU may reach, and until when.
public abstract class VcpuContract extends TypeContract {
    private static final int PRIVATE_READ = Access.READ | Access.PRIVATE;
    private static final int RANDOM_ACCESSES = 20_000;

    /// Creates the contract of a plugin.
    protected VcpuContract(Plugin plugin) {
        super(plugin);
    }

    @EachType
    void adm1ShouldLetAGuestUseWhatItHasAccepted(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            vm.run(cpu -> {
                cpu.accept(0, 16 * PAGE);
                for (long gpa = 0; gpa < 16 * PAGE; gpa += PAGE) {
                    assertEquals(0, cpu.loadLong(cpu.address(gpa, true)), "a page that is new, gpa " + hex(gpa));
                    cpu.storeLong(cpu.address(gpa, true), ~gpa);
                }
                cpu.storeLong(cpu.address(3 * PAGE - 4, true), 0x1122_3344_5566_7788L);
                assertEquals(0x1122_3344_5566_7788L, cpu.loadLong(cpu.address(3 * PAGE - 4, true)), "across two pages");
            });
            vm.run(1, cpu -> assertEquals(~PAGE, cpu.loadLong(cpu.address(PAGE, true)), "what vCPU 0 has written"));
            assertEquals(MemoryKind.PRIVATE, vm.vm().attributes().kind(PAGE));
        }
    }

    @EachType
    void adm2ShouldAdmitNoPageThatWasTakenAway(VmType type) {
        assumeItChecksLeaves(type);
        try (TestHost host = host();
                TestVm vm = host.launchVm(type, "page=4k");
                DirectTable table = new DirectTable(vm)) {
            vm.run(cpu -> {
                cpu.accept(0, PAGE);
                cpu.storeLong(cpu.address(0, true), 1);
            });
            long pfn = vm.pfn(0);
            assertTrue(admits(vm, 0, pfn), "a page that the guest uses");
            long blocked = table.block(0, 1, TableWork.PUNCH, true);
            assumeTrue(blocked >= 0, () -> "a hole is refused: " + Status.describe(blocked));
            assertGood(table.flush(), "flush");
            if (!vm.traits().engineOwns(true)) {
                assertTrue(!admits(vm, 0, pfn), "a page that is blocked");
            }
            assertGood(table.remove(0, pfn, 1, TableWork.PUNCH), "remove");
            assertTrue(!admits(vm, 0, pfn), "a page that was removed");
        }
    }

    @EachType
    void adm2ShouldAdmitNoFrameOfAnotherVm(VmType type) {
        assumeTrue(type.traits().engineOwns(true), "the engine gives no leaf of a private page");
        assumeItChecksLeaves(type);
        try (TestHost host = host();
                TestVm vm = host.launchVm(type);
                TestVm other = host.launchVm(type);
                DirectTable table = new DirectTable(vm)) {
            long pfn = table.fresh(FRESH, 1);
            assertGood(table.map(FRESH, pfn, 1), "map");
            assertTrue(!admits(other, FRESH, pfn), "a leaf to another VM's frame");
            assertTrue(!admits(vm, FRESH + PAGE, pfn), "a leaf of another page to the frame");
        }
    }

    private void assumeItChecksLeaves(VmType type) {
        assumeTrue(plugin().isService() || !type.traits().engineOwns(true),
                "a platform that the engine brings along leaves the enforcement to the engine");
    }

    /// The engine's own leaf where it keeps the half, as in a fill of the TLB.
    private static boolean admits(TestVm vm, long gpa, long pfn) {
        VcpuBackend vcpu = vm.vcpuBackend(0);
        FaultDetail detail = new FaultDetail();
        assertGood(vcpu.enter(new GuestCall(), detail), "enter");
        try {
            detail.reset();
            long leaf = vm.traits().engineOwns(true) ? Leaf.of(pfn, 1, Leaf.ALL) : Leaf.NONE;
            return vcpu.admit(gpa / PAGE, leaf, PRIVATE_READ, detail) > 0;
        } finally {
            vcpu.leave(VcpuBackend.LEFT_STOP, detail);
        }
    }

    @EachType
    void adm3ShouldThrowForNoAccess(VmType type) {
        long seed = Seeds.next("adm3");
        SplittableRandom random = new SplittableRandom(seed);
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            VcpuBackend vcpu = vm.vcpuBackend(0);
            FaultDetail detail = new FaultDetail();
            assertGood(vcpu.enter(new GuestCall(), detail), "enter");
            for (int i = 0; i < RANDOM_ACCESSES; i++) {
                long gfn = random.nextLong() >>> 12 + random.nextInt(40);
                int access = 1 + random.nextInt(15);
                detail.reset();
                try {
                    if (vcpu.admit(gfn, Leaf.NONE, access, detail) > 0) {
                        assertTrue(gfn < TestVm.RAM / PAGE, "admitted gfn " + hex(gfn) + " without a leaf");
                    }
                } catch (RuntimeException e) {
                    throw new AssertionError("admit of gfn " + hex(gfn) + " for " + Access.describe(access)
                            + " threw; seed " + seed, e);
                }
            }
            vcpu.leave(VcpuBackend.LEFT_STOP, detail);
        }
    }

    /// The spy admits again after each instruction what was admitted before it.
    @EachType
    void stale1ShouldSayWhichTranslationsAnInstructionRevokes(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            vm.vcpuBackend(0).judgeRevocation();
            vm.run(cpu -> {
                cpu.accept(0, 8 * PAGE);
                for (int time = 0; time < 20; time++) {
                    for (long gpa = 0; gpa < 8 * PAGE; gpa += PAGE) {
                        cpu.storeLong(cpu.address(gpa, true), time);
                    }
                    cpu.share(2 * PAGE, 3 * PAGE);
                    cpu.storeLong(cpu.address(3 * PAGE, false), time);
                    cpu.unshare(2 * PAGE, 3 * PAGE);
                }
            });
        }
    }

    /// The engine sees to it, whoever keeps the shared half of stage 2.
    @EachType
    void aReadOnlySlotShouldBeReadAndNotWritten(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            HostMapping mapping = vm.space().map(PAGE);
            mapping.storeLong(8, 7);
            long gpa = 2 * TestVm.RAM;
            vm.vm().slots().create(Memslot.ofMapping(1, gpa, PAGE, mapping, 0).with(MemslotFlag.READONLY));
            VmExit read = vm.tryRun(0, cpu -> assertEquals(7, cpu.loadLong(cpu.address(gpa + 8, false))));
            assumeTrue(read.reason() == ExitReason.HALTED, () -> "its guests reach no host memory: " + read);
            VmExit write = vm.vcpu(0).run(cpu -> cpu.storeLong(cpu.address(gpa + 8, false), 8),
                    exit -> ExitAction.STOP);
            assertEquals(ExitReason.MMIO, write.reason(), write::toString);
            assertEquals(7, mapping.loadLong(8));
        }
    }

    @EachType
    void enterAndLeaveShouldBePossibleAnyNumberOfTimes(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            VcpuBackend vcpu = vm.vcpuBackend(0);
            FaultDetail detail = new FaultDetail();
            GuestCall call = new GuestCall();
            for (int time = 0; time < 1000; time++) {
                assertGood(vcpu.enter(call, detail), "enter, time " + time);
                vcpu.leave(time % 2 == 0 ? VcpuBackend.LEFT_FAULT : VcpuBackend.LEFT_KICK, detail);
            }
            vcpu.leave(VcpuBackend.LEFT_KICK, detail);
            assertGood(vcpu.enter(call, detail), "enter after a kick of a vCPU that was outside");
            vcpu.leave(VcpuBackend.LEFT_STOP, detail);
        }
    }
}
