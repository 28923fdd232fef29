package org.enclosure.examples.attack;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEventHandler;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.examples.machine.Ending;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmType;

/// What a hostile host answers to the guest's driver. The driver runs on the live guest; between each of its page state changes and its
/// look at the answer, the host rewrites the answer, which lies in shared memory.
final class SnpDriverAttacks implements Attack {
    private static final long MEMORY = 4L << 20;
    private static final long PAGES = 4;
    /// Pages that the example guests do not use.
    private static final long FREE = 12L << 20;
    private static final long ROOT_PFN = 1;
    private static final long FRAME = 2;
    private static final int INFO_BITS = 0xfff;
    private static final long LAST = PAGES - 2 << 16;

    private final String name;
    private final ArchitectureProvider provider;
    private final Step step;

    /// What the guest is made to do; throws [GuestRefusedException] if it stops.
    @FunctionalInterface
    interface Step {
        void run(GuestCpu cpu, GuestDriver driver);
    }

    SnpDriverAttacks(String name, ArchitectureProvider provider, Step step) {
        this.name = name;
        this.provider = provider;
        this.step = step;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Attacker by() {
        return Attacker.HOST;
    }

    @Override
    public Observation attempt(AttackScene scene) {
        AtomicReference<String> got = new AtomicReference<>("the guest goes on");
        try (Arena arena = Arena.ofConfined()) {
            PhysicalMemory memory = new PhysicalMemory(arena.allocate(MEMORY, Paging.PAGE_SIZE), 0);
            List<MemoryRange> ranges = List.of(new MemoryRange(0, MEMORY, MemoryRange.Kind.RAM));
            FrameCache frames = new FrameCache(1);
            frames.push(FRAME);
            VmType type = provider.vmTypes().getFirst();
            try (Platform platform = provider.open(new PlatformContext(memory, ranges, Map.of()));
                    VmBackend vm = platform.create(new VmContext(type, 1, ROOT_PFN, frames, Map.of()))) {
                GuestDriver driver = vm.guestDriver();
                Ending ending = scene.machine().run(cpu -> got.set(play(cpu, driver)));
                return new Observation(ending.isReturn() ? got.get() : ending.toString(), 1);
            }
        }
    }

    private String play(GuestCpu cpu, GuestDriver driver) {
        try {
            step.run(cpu, driver);
            return "the guest goes on";
        } catch (GuestRefusedException e) {
            return SnpAttacks.GUEST_STOPS;
        }
    }

    /// The host has put another page behind an address that the guest has validated; nothing but its own record tells the guest.
    static void validateTwice(GuestCpu cpu, GuestDriver driver) {
        cpu.accept(FREE - Paging.PAGE_SIZE, Paging.PAGE_SIZE);
        cpu.accept(FREE - Paging.PAGE_SIZE, Paging.PAGE_SIZE);
    }

    static void endGrown(GuestCpu cpu, GuestDriver driver) {
        driver.share(new Tampered(cpu, PAGES - 1 | LAST + (5 << 16)), FREE, PAGES * Paging.PAGE_SIZE);
    }

    static void curBack(GuestCpu cpu, GuestDriver driver) {
        driver.share(new Tampered(cpu, 1 | LAST, LAST), FREE, PAGES * Paging.PAGE_SIZE);
    }

    static void reservedSet(GuestCpu cpu, GuestDriver driver) {
        driver.share(new Tampered(cpu, PAGES - 1 | LAST | 1L << 32), FREE, PAGES * Paging.PAGE_SIZE);
    }

    static void noProgress(GuestCpu cpu, GuestDriver driver) {
        driver.share(new Tampered(cpu, LAST), FREE, PAGES * Paging.PAGE_SIZE);
    }

    /// The guest's vCPU, with headers that the host writes over its answers: one each time, the last again and again.
    private static final class Tampered implements GuestCpu {
        private final GuestCpu cpu;
        private final long[] headers;
        private int answers;
        private long msr;

        Tampered(GuestCpu cpu, long... headers) {
            this.cpu = cpu;
            this.headers = headers.clone();
        }

        @Override
        public void execute(int instruction, RegisterFile registers) {
            if (instruction == SnpCalls.WRMSR) {
                msr = registers.get(SnpCalls.RDX) << 32 | registers.get(SnpCalls.RAX);
            }
            cpu.execute(instruction, registers);
            if (instruction == SnpCalls.VMGEXIT && (msr & INFO_BITS) == 0) {
                long header = headers[Math.min(answers++, headers.length - 1)];
                cpu.storeLong(cpu.address(msr + SnpCalls.BUFFER, false), header);
            }
        }

        @Override
        public int index() {
            return cpu.index();
        }

        @Override
        public long loadLong(long address) {
            return cpu.loadLong(address);
        }

        @Override
        public void storeLong(long address, long value) {
            cpu.storeLong(address, value);
        }

        @Override
        public long load(long address, int size) {
            return cpu.load(address, size);
        }

        @Override
        public void store(long address, int size, long value) {
            cpu.store(address, size, value);
        }

        @Override
        public boolean compareAndSwap(long address, long expected, long value) {
            return cpu.compareAndSwap(address, expected, value);
        }

        @Override
        public void read(long address, byte[] into, int offset, int length) {
            cpu.read(address, into, offset, length);
        }

        @Override
        public void write(long address, byte[] from, int offset, int length) {
            cpu.write(address, from, offset, length);
        }

        @Override
        public RegisterFile registers() {
            return cpu.registers();
        }

        @Override
        public void onEvent(GuestEventHandler handler) {
            cpu.onEvent(handler);
        }

        @Override
        public long address(long gpa, boolean isPrivate) {
            return cpu.address(gpa, isPrivate);
        }

        @Override
        public void accept(long gpa, long bytes) {
            cpu.accept(gpa, bytes);
        }

        @Override
        public void share(long gpa, long bytes) {
            cpu.share(gpa, bytes);
        }

        @Override
        public void unshare(long gpa, long bytes) {
            cpu.unshare(gpa, bytes);
        }

        @Override
        public void poll() {
            cpu.poll();
        }
    }
}
