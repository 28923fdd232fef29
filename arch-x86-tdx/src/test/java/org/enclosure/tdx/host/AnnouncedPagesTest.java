package org.enclosure.tdx.host;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.machine.TestVm;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.tdx.TdxProvider;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.Tdcall;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A guest announces by MapGPA that a page changes its kind, and then acts as if it had not, or had long done so. In whatever order
/// announcement, act and host access come, for two pages in both directions, the host never sees a byte that was written through a
/// private address.
class AnnouncedPagesTest {
    private static final int PAGES = 2;
    /// An announcement and three acts.
    private static final int GUESTS = 4;
    private static final long SHARED_BIT = PageInfo.sharedBit(48);
    private static final long PRIVATE_MARK = 0x5ec2_e700_0000_0000L;
    private static final long SHARED_MARK = 0x0be2_0000_0000_0000L;

    /// What happens to a page, once each.
    private enum Step {
        ANNOUNCE, ACT, LOOK
    }

    /// One step on one page.
    private record Event(int page, Step step) {
        long gpa() {
            return TestVm.WORK + page * TestVm.PAGE;
        }
    }

    private final Set<Long> open = new HashSet<>(Set.of(0L));
    private final Set<Long> secret = new HashSet<>();
    private long written;
    private int seen;
    private int refused;
    private int stopped;

    @ParameterizedTest(name = "backing {0}, trigger {1}, page 0 to {2}, page 1 to {3}")
    @CsvSource({"split, both, shared, shared", "split, both, private, private", "split, both, shared, private",
            "split, explicit, shared, private", "in-place, both, shared, shared", "in-place, both, private, private",
            "in-place, both, shared, private", "in-place, explicit, shared, private"})
    void theHostNeverSeesWhatIsPrivate(String backing, String trigger, String first, String second) {
        boolean[] toShared = {first.equals("shared"), second.equals("shared")};
        List<List<Event>> orders = orders();
        assertTrue(orders.size() == 720, "all orders of two times three steps");
        try (TestHost host = new TestHost(Plugin.of(new TdxProvider()));
                TestVm vm = host.launchVm(TdxTypes.TD, "backing=" + backing, "trigger=" + trigger)) {
            for (List<Event> order : orders) {
                start(vm, toShared);
                for (Event event : order) {
                    run(vm, event, toShared[event.page()], order);
                }
                for (int page = 0; page < PAGES; page++) {
                    look(vm, new Event(page, Step.LOOK), order);
                }
            }
        }
        assertTrue(seen > orders.size(), "looks: " + seen);
        assertTrue(backing.equals("split") || refused > orders.size() / 2, "looks that were refused: " + refused);
        assertTrue(stopped < orders.size() * PAGES * GUESTS / 2, stopped + " guests were stopped");
    }

    private static List<List<Event>> orders() {
        List<Event> all = new ArrayList<>();
        for (int page = 0; page < PAGES; page++) {
            for (Step step : Step.values()) {
                all.add(new Event(page, step));
            }
        }
        List<List<Event>> orders = new ArrayList<>();
        permute(all, 0, orders);
        return orders;
    }

    private static void permute(List<Event> events, int from, List<List<Event>> orders) {
        if (from == events.size()) {
            orders.add(List.copyOf(events));
        }
        for (int i = from; i < events.size(); i++) {
            java.util.Collections.swap(events, from, i);
            permute(events, from + 1, orders);
            java.util.Collections.swap(events, from, i);
        }
    }

    /// Pages that are to become shared are private and hold a secret; the others are shared.
    private void start(TestVm vm, boolean[] toShared) {
        vm.run(cpu -> {
            for (int page = 0; page < PAGES; page++) {
                long gpa = TestVm.WORK + page * TestVm.PAGE;
                cpu.share(gpa, TestVm.PAGE);
                if (toShared[page]) {
                    cpu.unshare(gpa, TestVm.PAGE);
                    storePrivate(cpu, gpa);
                } else {
                    storeShared(cpu, gpa);
                }
            }
        });
    }

    private void run(TestVm vm, Event event, boolean toShared, List<Event> order) {
        switch (event.step()) {
            case ANNOUNCE -> guest(vm, cpu -> announce(cpu, toShared ? event.gpa() | SHARED_BIT : event.gpa()));
            // The opposite of what was or will be announced, then the same.
            case ACT -> {
                guest(vm, cpu -> store(cpu, event.gpa(), toShared));
                guest(vm, cpu -> store(cpu, event.gpa(), !toShared));
                guest(vm, cpu -> store(cpu, event.gpa(), toShared));
            }
            default -> look(vm, event, order);
        }
    }

    /// Whether the guest gets through is the host's affair.
    private void guest(TestVm vm, GuestProgram program) {
        switch (vm.tryRun(0, program).reason()) {
            case HALTED -> {
                // It did.
            }
            default -> stopped++;
        }
    }

    private static void announce(GuestCpu cpu, long gpa) {
        RegisterFile registers = cpu.registers();
        registers.clear();
        registers.set(0, Tdcall.VP_VMCALL);
        registers.set(1, Tdcall.LINUX_MASK);
        registers.set(11, Tdcall.MAP_GPA);
        registers.set(12, gpa);
        registers.set(13, TestVm.PAGE);
        cpu.execute(Tdcall.INSTRUCTION, registers);
    }

    /// A guest that accepts whatever it finds to be accepted.
    private void store(GuestCpu cpu, long gpa, boolean isPrivate) {
        cpu.onEvent((handler, event, at) -> {
            handler.accept(gpa, TestVm.PAGE);
            return true;
        });
        if (isPrivate) {
            storePrivate(cpu, gpa);
        } else {
            storeShared(cpu, gpa);
        }
    }

    private void storePrivate(GuestCpu cpu, long gpa) {
        long value = PRIVATE_MARK | ++written;
        secret.add(value);
        cpu.storeLong(cpu.address(gpa, true), value);
    }

    private void storeShared(GuestCpu cpu, long gpa) {
        long value = SHARED_MARK | ++written;
        open.add(value);
        cpu.storeLong(cpu.address(gpa, false), value);
    }

    /// The host's process, and the host's kernel at the frame that is behind the page now.
    private void look(TestVm vm, Event event, List<Event> order) {
        try {
            seen(vm.mapping().loadLong(event.gpa()), event, order);
        } catch (HostAccessException | GuestMemoryException e) {
            refused++;
        }
        long pa = vm.vm().inspect(event.gpa()).pa();
        if (pa >= 0) {
            try {
                long word = vm.host().host().physical().loadLong(pa);
                assertFalse(secret.contains(word), () -> "a private word in the frame: " + event + " of " + order);
            } catch (HostAccessException e) {
                refused++;
            }
        }
    }

    private void seen(long word, Event event, List<Event> order) {
        seen++;
        assertTrue(open.contains(word),
                () -> "the host sees 0x" + Long.toHexString(word) + " at " + event + " of " + order);
    }
}
