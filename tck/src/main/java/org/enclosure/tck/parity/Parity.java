package org.enclosure.tck.parity;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vm.ConversionStats;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.VmType;
import org.enclosure.tck.machine.BareMachine;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.machine.TestVm;
import org.enclosure.tck.plugin.MachineTable;
import org.enclosure.tck.plugin.Plugin;

/// Records the machine operations of a VM's whole life under the engine, and replays them through the operations of a bare machine.
public final class Parity {
    /// Memory of both machines: small, because all of it is compared.
    private static final long MEMORY = 64L << 20;
    private static final int FRAMES = (int) (MEMORY >>> Paging.PAGE_SHIFT);
    private static final int WORK_PAGES = 64;
    private static final int LONGEST = 3;
    private static final int MANY = 600;

    /// What was done.
    ///
    /// @param conversions how many the guest asked for and got
    /// @param counts how often each operation was replayed
    /// @param tables how many frames of tables were equal while the VM was there
    public record Result(long conversions, Map<String, Integer> counts, int tables) {
        /// How many operations were replayed.
        public int operations() {
            return counts.values().stream().mapToInt(Integer::intValue).sum();
        }

        @Override
        public String toString() {
            return conversions + " conversions, " + operations() + " operations equal " + counts + ", " + tables
                    + " frames of tables equal";
        }
    }

    private final Plugin plugin;
    private final MachineTable table;

    /// For one plugin.
    public Parity(Plugin plugin, MachineTable table) {
        this.plugin = plugin.withMemory(MEMORY);
        this.table = table;
    }

    /// The methods of the machine that change its state, are called by the rest of the plugin, and are no operations.
    public Set<String> unlisted() {
        return new MachineSurface(plugin.provider(), table).unlisted();
    }

    /// Names in the table that mean nothing.
    public List<String> unknownNames() {
        MachineSurface surface = new MachineSurface(plugin.provider(), table);
        return Stream.concat(surface.unknownLines().stream(), surface.unknownApart().stream()).toList();
    }

    /// Launches a VM whose guest converts so many times, ends it, and replays all of it.
    ///
    /// @throws AssertionError at the first difference
    public Result replay(VmType type, int conversions) {
        ArchitectureProvider provider = new RecordingLoader(plugin.provider(), table).provider(plugin.provider());
        Recording recording = new Recording(table);
        AtomicReference<PlatformContext> context = new AtomicReference<>();
        long[] done = new long[1];
        Recorder.run(recording, () -> done[0] = live(provider, recording, type, conversions, context));
        try (BareMachine bare = new BareMachine(provider, context.get(), MEMORY)) {
            Replay replay = new Replay(table, bare.platform(), bare.memory(), FRAMES);
            Recorder.run(replay, () -> replay.replay(recording.steps()));
        }
        return new Result(done[0], recording.counts(), tables(recording));
    }

    private static int tables(Recording recording) {
        return recording.steps().stream()
                .mapToInt(step -> step instanceof Recording.Checkpoint one ? one.image().tables() : 0).max().orElse(0);
    }

    /// The life of a VM under the engine.
    ///
    /// @return how many conversions were done
    private long live(ArchitectureProvider provider, Recording recording, VmType type, int conversions,
            AtomicReference<PlatformContext> context) {
        try (TestHost host = new TestHost(plugin.withProvider(provider))) {
            context.set(host.spy().context());
            recording.startOn(host.spy().platform(), host.spy().memory());
            ConversionStats stats;
            try (TestVm vm = host.createVm(type)) {
                vm.launch();
                vm.run(cpu -> convert(cpu, conversions));
                stats = vm.vm().stats().conversions();
                recording.checkpoint(FRAMES, guestPages(vm));
            }
            recording.checkpoint(FRAMES, new BitSet());
            return stats.explicit() + stats.implicit();
        }
    }

    /// The guest: out of a large page, pages go to the host and come back, a few at once, and in the end many. It writes
    /// nothing into its private pages.
    private static void convert(GuestCpu cpu, int conversions) {
        use(cpu, TestVm.WORK, TestVm.IMAGE - TestVm.WORK);
        for (int i = 0; i < (conversions + 1) / 2; i++) {
            long gpa = TestVm.WORK + (long) (1 + i * 37 % WORK_PAGES) * TestVm.PAGE;
            turn(cpu, gpa, (1 + i % LONGEST) * TestVm.PAGE);
        }
        use(cpu, TestVm.FRESH, TestVm.RAM - TestVm.FRESH);
        turn(cpu, TestVm.FRESH + LONGEST * TestVm.PAGE, MANY * TestVm.PAGE);
    }

    private static void use(GuestCpu cpu, long gpa, long bytes) {
        cpu.accept(gpa, bytes);
        for (long at = gpa; at < gpa + bytes; at += TestVm.PAGE) {
            cpu.loadLong(cpu.address(at, true));
        }
    }

    private static void turn(GuestCpu cpu, long gpa, long bytes) {
        cpu.share(gpa, bytes);
        cpu.loadLong(cpu.address(gpa, false));
        cpu.unshare(gpa, bytes);
        cpu.loadLong(cpu.address(gpa, true));
    }

    private static BitSet guestPages(TestVm vm) {
        BitSet pages = new BitSet();
        for (long gpa = 0; gpa < TestVm.RAM; gpa += TestVm.PAGE) {
            long pfn = vm.pfn(gpa);
            if (pfn >= 0) {
                pages.set((int) pfn);
            }
        }
        return pages;
    }
}
