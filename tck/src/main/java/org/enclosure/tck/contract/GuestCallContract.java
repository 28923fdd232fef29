package org.enclosure.tck.contract;

import static org.enclosure.tck.machine.TestVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.policy.ConversionDecision;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.GuestRefusedException;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmType;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.machine.TestVm;
import org.enclosure.tck.machine.VmSetup;
import org.enclosure.tck.plugin.Plugin;

/// CALL-1 to CALL-5: what a guest asks for, what it gets, and what it is told.
public abstract class GuestCallContract extends TypeContract {
    private static final long SECRET = 0x0bad_cafe_5ec3_e701L;
    private static final int RANDOM_INSTRUCTIONS = 2_000;
    private static final int INSTRUCTIONS = 24;

    /// Creates the contract of a plugin.
    protected GuestCallContract(Plugin plugin) {
        super(plugin);
    }

    @EachType
    void call2ShouldShareWithTheHostInBothDirections(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            vm.run(cpu -> {
                cpu.accept(0, 8 * PAGE);
                cpu.share(PAGE, 2 * PAGE);
                cpu.storeLong(cpu.address(PAGE, false), 0x11);
                assertEquals(0x11, vm.mapping().loadLong(PAGE), "what the guest wrote");
                vm.mapping().storeLong(2 * PAGE, 0x22);
                assertEquals(0x22, cpu.loadLong(cpu.address(2 * PAGE, false)), "what the host wrote");
            });
            assertKinds(vm, MemoryKind.PRIVATE, MemoryKind.SHARED, MemoryKind.SHARED, MemoryKind.PRIVATE);
        }
    }

    @EachType
    void call2ShouldTakeAPageBackForTheGuestAlone(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            vm.run(cpu -> {
                cpu.accept(0, 8 * PAGE);
                cpu.share(PAGE, PAGE);
                vm.mapping().storeLong(PAGE, 0x22);
                cpu.unshare(PAGE, PAGE);
                cpu.storeLong(cpu.address(PAGE, true), SECRET);
                assertEquals(SECRET, cpu.loadLong(cpu.address(PAGE, true)), "the guest's own bytes");
            });
            assertKinds(vm, MemoryKind.PRIVATE, MemoryKind.PRIVATE);
            assertNotReadable(vm, PAGE);
        }
    }

    private static void assertNotReadable(TestVm vm, long gpa) {
        if (vm.isSplit()) {
            assertNotEquals(SECRET, vm.mapping().loadLong(gpa), "the host's half");
        } else {
            assertEquals(HostAccessException.Signal.SIGBUS,
                    assertThrows(HostAccessException.class, () -> vm.mapping().loadLong(gpa)).signal());
        }
        long pa = vm.vm().inspect(gpa).pa();
        try {
            assertNotEquals(SECRET, vm.host().host().physical().loadLong(pa), "the frame, read raw");
        } catch (HostAccessException refused) {
            // The architecture does not let the host at it at all.
        }
    }

    @EachType
    void call2ShouldConvertALongRangeThatStartsAnywhere(VmType type) {
        long pages = 600;
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            assumeTrue(TestVm.IMAGE >= 0, "there is an image");
            long start = TestVm.FRESH + 3 * PAGE;
            vm.run(cpu -> {
                cpu.accept(start, pages * PAGE);
                cpu.share(start, pages * PAGE);
                cpu.storeLong(cpu.address(start + 599 * PAGE, false), 7);
            });
            assertTrue(vm.vm().attributes().isUniform(start, pages * PAGE, MemoryKind.SHARED), "all of it is shared");
            assertEquals(MemoryKind.PRIVATE, vm.vm().attributes().kind(start - PAGE), "the page before it");
            assertEquals(MemoryKind.PRIVATE, vm.vm().attributes().kind(start + pages * PAGE), "the page behind it");
            vm.run(cpu -> {
                cpu.unshare(start, pages * PAGE);
                cpu.storeLong(cpu.address(start + 598 * PAGE, true), 8);
                assertEquals(8, cpu.loadLong(cpu.address(start + 598 * PAGE, true)));
            });
            assertTrue(vm.vm().attributes().isUniform(start, pages * PAGE, MemoryKind.PRIVATE), "all of it is private");
        }
    }

    /// One page of 2M goes to the host and comes back. Where a backend can merge, and was able to map by 2M before, it maps by 2M
    /// then as well; its bytes are the guest's own throughout.
    @EachType
    void aBlockThatWasCutShouldBecomeOneAgain(VmType type) {
        long large = Paging.pages(Paging.LEVEL_2M) * PAGE;
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            vm.run(cpu -> {
                cpu.accept(0, large);
                for (long gpa = 0; gpa < large; gpa += 16 * PAGE) {
                    cpu.storeLong(cpu.address(gpa, true), ~gpa);
                }
                cpu.share(5 * PAGE, PAGE);
                cpu.storeLong(cpu.address(5 * PAGE, false), 1);
                cpu.unshare(5 * PAGE, PAGE);
                cpu.storeLong(cpu.address(5 * PAGE, true), ~5 * PAGE);
            });
            long merged = vm.vm().recoverHugePages();
            if (!type.traits().engineOwns(true)) {
                assertEquals(type.traits().has(VmTrait.MERGES) ? 1 : 0, merged);
            }
            assertEquals(0, vm.vm().recoverHugePages(), "a second time");
            vm.run(cpu -> {
                assertEquals(~5 * PAGE, cpu.loadLong(cpu.address(5 * PAGE, true)));
                for (long gpa = 0; gpa < large; gpa += 16 * PAGE) {
                    assertEquals(~gpa, cpu.loadLong(cpu.address(gpa, true)), "at gpa " + hex(gpa));
                }
                cpu.share(7 * PAGE, PAGE);
            });
            assertKinds(vm, MemoryKind.PRIVATE, MemoryKind.PRIVATE);
        }
    }

    @EachType
    void call2ShouldSurviveARequestForWhatIsSoAlready(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            vm.run(cpu -> {
                cpu.accept(0, 4 * PAGE);
                cpu.share(PAGE, PAGE);
                tryShare(cpu, PAGE);
                cpu.storeLong(cpu.address(PAGE, false), 1);
                cpu.unshare(PAGE, PAGE);
                tryUnshare(cpu, PAGE);
                cpu.storeLong(cpu.address(PAGE, true), 2);
            });
            assertKinds(vm, MemoryKind.PRIVATE, MemoryKind.PRIVATE);
        }
    }

    private static void tryShare(GuestCpu cpu, long gpa) {
        try {
            cpu.share(gpa, PAGE);
        } catch (GuestRefusedException refused) {
            // An architecture may call it a mistake of the guest.
        }
    }

    private static void tryUnshare(GuestCpu cpu, long gpa) {
        try {
            cpu.unshare(gpa, PAGE);
        } catch (GuestRefusedException refused) {
            // An architecture may call it a mistake of the guest.
        }
    }

    @EachType
    void call3ShouldLeaveTheKindWhenTheHostRefuses(VmType type) {
        AtomicInteger asked = new AtomicInteger();
        AtomicBoolean told = new AtomicBoolean();
        VmSetup setup = VmSetup.of(type).with(request -> {
            asked.incrementAndGet();
            return ConversionDecision.deny("the test says so");
        });
        try (TestHost host = host(); TestVm vm = host.createVm(setup)) {
            vm.launch();
            vm.tryRun(0, cpu -> {
                cpu.accept(0, 4 * PAGE);
                asked.set(0);
                try {
                    cpu.share(PAGE, PAGE);
                } catch (GuestRefusedException refused) {
                    told.set(true);
                }
            });
            assumeTrue(asked.get() > 0, "nobody is asked: the host cannot refuse");
            assertKinds(vm, MemoryKind.PRIVATE, MemoryKind.PRIVATE);
            if (type.traits().has(VmTrait.REFUSAL_TOLD)) {
                assertTrue(told.get(), "the guest was not told of the refusal");
            }
        }
    }

    @EachType
    void call3ShouldEndAsAWholeWhenTheHostIsBusyForAWhile(VmType type) {
        AtomicInteger asked = new AtomicInteger();
        VmSetup setup = VmSetup.of(type)
                .with(request -> asked.incrementAndGet() <= 3 ? ConversionDecision.BUSY : ConversionDecision.ALLOW);
        try (TestHost host = host(); TestVm vm = host.createVm(setup)) {
            vm.launch();
            AtomicBoolean refused = new AtomicBoolean();
            vm.tryRun(0, cpu -> {
                cpu.accept(0, 4 * PAGE);
                asked.set(0);
                try {
                    cpu.share(PAGE, 2 * PAGE);
                } catch (GuestRefusedException e) {
                    refused.set(true);
                }
            });
            MemoryKind kind = vm.vm().attributes().kind(PAGE);
            if (!refused.get() && type.traits().has(VmTrait.REFUSAL_TOLD)) {
                assertEquals(MemoryKind.SHARED, kind, "the guest believes that it is done");
            }
        }
    }

    @EachType
    void call4ShouldThrowForNoInstruction(VmType type) {
        long seed = Seeds.next("call4");
        SplittableRandom random = new SplittableRandom(seed);
        try (TestHost host = host()) {
            for (int vms = 0; vms < 3; vms++) {
                try (TestVm vm = host.launchVm(type)) {
                    vm.run(cpu -> cpu.accept(0, 16 * PAGE));
                    for (int i = 0; i < RANDOM_INSTRUCTIONS / 3; i++) {
                        int instruction = random.nextInt(INSTRUCTIONS);
                        long salt = random.nextLong();
                        try {
                            vm.vcpu(i & 1).run(cpu -> execute(cpu, instruction, salt), exit -> ExitAction.RESUME);
                        } catch (RuntimeException e) {
                            throw new AssertionError("instruction " + instruction + " with registers from salt " + salt
                                    + " threw; seed " + seed, e);
                        }
                    }
                }
            }
        }
    }

    private static void execute(GuestCpu cpu, int instruction, long salt) {
        SplittableRandom random = new SplittableRandom(salt);
        RegisterFile registers = cpu.registers();
        for (int register = 0; register < RegisterFile.SIZE; register++) {
            registers.set(register, switch (random.nextInt(6)) {
                case 0 -> random.nextLong();
                case 1 -> random.nextInt(32);
                case 2 -> (random.nextLong() & 0x7ff) * PAGE;
                case 3 -> cpu.address((random.nextLong() & 0x7ff) * PAGE, random.nextBoolean());
                case 4 -> -random.nextInt(5000);
                default -> 1L << random.nextInt(64);
            });
        }
        cpu.onEvent((inner, event, gpa) -> false);
        cpu.execute(instruction, registers);
    }

    @EachType
    void call5ShouldKeepTheBytesOfASharedPageOrNotShowThem(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type)) {
            vm.run(cpu -> {
                cpu.accept(0, 4 * PAGE);
                cpu.storeLong(cpu.address(PAGE, true), SECRET);
                cpu.share(PAGE, PAGE);
            });
            long found = vm.mapping().loadLong(PAGE);
            assertEquals(type.traits().has(VmTrait.CONTENT_KEPT) && !vm.isSplit(), found == SECRET,
                    "what the host finds in a page that the guest has shared: " + hex(found));
        }
    }

    @EachType
    void call5ShouldGiveAGuestNothingThatAnotherHasLeft(VmType type) {
        try (TestHost host = host()) {
            long pfn;
            try (TestVm vm = host.launchVm(type)) {
                vm.run(cpu -> {
                    cpu.accept(0, 64 * PAGE);
                    for (long gpa = 0; gpa < 64 * PAGE; gpa += PAGE) {
                        cpu.storeLong(cpu.address(gpa + 8, true), SECRET);
                    }
                });
                pfn = vm.pfn(0);
            }
            assertTrue(host.isHosts(pfn), "the frame of a VM that has ended");
            try (TestVm next = host.launchVm(type)) {
                next.run(cpu -> {
                    cpu.accept(0, 64 * PAGE);
                    for (long gpa = 0; gpa < 64 * PAGE; gpa += PAGE) {
                        assertNotEquals(SECRET, cpu.loadLong(cpu.address(gpa + 8, true)), "gpa " + hex(gpa));
                    }
                });
            }
        }
    }

    private static void assertKinds(TestVm vm, MemoryKind... kinds) {
        for (int page = 0; page < kinds.length; page++) {
            assertEquals(kinds[page], vm.vm().attributes().kind(page * PAGE), "gpa " + hex(page * PAGE));
        }
    }
}
