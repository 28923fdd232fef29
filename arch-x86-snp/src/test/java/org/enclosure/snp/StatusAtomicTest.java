package org.enclosure.snp;

import static org.enclosure.tck.machine.TestVm.FRESH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.host.SnpTypes;
import org.enclosure.snp.wire.Abi;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.machine.TestVm;
import org.enclosure.tck.plugin.Plugin;
import org.junit.jupiter.api.Test;

/// What the host knows of a page and what its guest can write are one thing: while nobody converts, a write of the other kind never
/// goes through, and after a conversion has returned none of the old kind does. A vCPU writes by random addresses, private and shared,
/// while the host converts the page to and fro.
class StatusAtomicTest {
    private static final int CONVERSIONS = Integer.getInteger("enclosure.conversions", 3_000);
    private static final long SEED = Long.getLong("enclosure.seed", System.nanoTime());

    private final AtomicLong version = new AtomicLong(); // odd while a conversion is under way
    private final AtomicInteger granted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean done; // ORDERING: written by the host's thread, partner guest

    @Test
    void shouldNeverLetAWriteOfTheOtherKindThrough() throws Exception {
        System.out.println("seed " + SEED + "; again with -Denclosure.seed=" + SEED);
        try (TestHost host = new TestHost(Plugin.of(new SnpProvider()).withTypes("snp"));
                TestVm vm = host.launchVm(SnpTypes.SNP);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> guest = threads.submit(guest(vm));
            SplittableRandom dice = new SplittableRandom(SEED);
            for (int i = 0; i < CONVERSIONS || granted.get() < CONVERSIONS && !guest.isDone(); i++) {
                version.incrementAndGet();
                vm.vm().conversions().convert(FRESH, TestVm.PAGE, MemoryKind.of(dice.nextBoolean()));
                version.incrementAndGet();
                if (dice.nextInt(4) == 0) {
                    Thread.sleep(0, 50_000);
                }
            }
            done = true;
            guest.get();
        }
        assertTrue(granted.get() > 0 && refused.get() > 0, granted + " writes went through, " + refused + " did not");
    }

    private Callable<Void> guest(TestVm vm) {
        SplittableRandom dice = new SplittableRandom(~SEED);
        return () -> {
            while (!done) {
                VmExit exit = vm.vcpu(0).run(cpu -> write(vm, cpu, dice), seen -> ExitAction.STOP);
                if (exit.reason() == ExitReason.HALTED) {
                    continue;
                }
                assertEquals(ExitReason.MEMORY_FAULT, exit.reason());
                refused.incrementAndGet();
            }
            return null;
        };
    }

    /// Writes until one is refused. One that goes through while no conversion was under way was of the kind that the host knew.
    private void write(TestVm vm, GuestCpu cpu, SplittableRandom dice) {
        cpu.onEvent(StatusAtomicTest::validate);
        while (!done) {
            boolean asPrivate = dice.nextBoolean();
            long before = version.get();
            MemoryKind known = vm.vm().attributes().kind(FRESH);
            cpu.storeLong(cpu.address(FRESH, asPrivate), before);
            if (version.get() == before && (before & 1) == 0) {
                assertEquals(known, MemoryKind.of(asPrivate), "a write went through at version " + before);
                granted.incrementAndGet();
            }
        }
    }

    /// A guest that has no record of what it has validated: here it is the host that converts as it likes.
    private static boolean validate(GuestCpu cpu, int event, long gpa) {
        if (event != GuestEvent.UNACCEPTED) {
            return false;
        }
        RegisterFile registers = cpu.registers();
        registers.set(Abi.RAX, gpa & -TestVm.PAGE);
        registers.set(Abi.RCX, 0);
        registers.set(Abi.RDX, 1);
        cpu.execute(Abi.PVALIDATE, registers);
        return true;
    }
}
