package org.enclosure.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.host.Pin;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;

/// A guest takes a page back that the host still uses: the three flows of the KVM list's discussion of May 2025, each as a timeline.
///
/// | flow | policy | what happens while the host holds the page |
/// |---|---|---|
/// | case 1 | `convert=vcpu-1` | the VMM lets go in the exit, and entry makes the page private |
/// | case 2, alternative 1 | `convert=vcpu-2a` | the vCPU exits again at once, as often as needed |
/// | case 2, alternative 2 | `convert=vcpu-2b` | the guest runs on without the page, and exits when it touches it |
public final class UnshareTimelines {
    private static final long PAGE = 4096;
    private static final long RAM = 16L << 20;
    private static final long SHARED = 3 * PAGE;
    private static final long VALUE = 42;
    private static final int STUBBORN_EXITS = 3;

    private final List<String> lines = new ArrayList<>();
    private final boolean letsGoAtOnce;
    private int exits;

    private UnshareTimelines(boolean letsGoAtOnce) {
        this.letsGoAtOnce = letsGoAtOnce;
    }

    /// Prints all three.
    ///
    /// @param args architecture and VM type; `arm64-pkvm protected` if there are none
    public static void main(String[] args) {
        String architecture = args.length > 0 ? args[0] : "arm64-pkvm";
        String type = args.length > 1 ? args[1] : "protected";
        for (String convert : List.of("vcpu-1", "vcpu-2a", "vcpu-2b")) {
            run(architecture, type, convert).forEach(System.out::println);
        }
    }

    /// Runs one of them.
    ///
    /// @param convert `vcpu-1`, `vcpu-2a` or `vcpu-2b`
    /// @return the timeline, a line an event
    public static List<String> run(String architecture, String type, String convert) {
        UnshareTimelines timeline = new UnshareTimelines(convert.equals("vcpu-1"));
        timeline.lines.add(title(convert) + " (" + architecture + "/" + type + ", convert=" + convert + ")");
        try (GuestMemorySystem system = GuestMemorySystem.builder().build();
                Host host = system.openHost(HostOptions.of(architecture, 4 * RAM));
                Vm vm = host.createVm(
                        VmOptions.of(type).with(PolicySet.defaults().with("convert=" + convert)));
                GuestMemoryStore store = vm.createStore(RAM, Set.of(StoreFlag.MMAP));
                HostAddressSpace process = host.createAddressSpace();
                HostMapping mapping = process.map(store, 0, RAM);
                Vcpu vcpu = vm.createVcpu(0)) {
            vm.slots().create(Memslot.ofStore(0, 0, RAM, store, 0));
            timeline.play(vm, vcpu, mapping);
        }
        return timeline.lines;
    }

    private static String title(String convert) {
        return switch (convert) {
            case "vcpu-1" -> "case 1";
            case "vcpu-2a" -> "case 2, alternative 1";
            default -> "case 2, alternative 2";
        };
    }

    private void play(Vm vm, Vcpu vcpu, HostMapping mapping) {
        boolean[] touches = new boolean[1];
        Pin[] pin = new Pin[1];
        VmExit end = vcpu.run(cpu -> {
            cpu.share(SHARED, PAGE);
            cpu.storeLong(cpu.address(SHARED, false), VALUE);
            pin[0] = mapping.pin(SHARED, PAGE, "vhost");
            say("host", "vhost pins the page and reads " + pin[0].loadLong(0));
            say("guest", "takes the page back");
            cpu.unshare(SHARED, PAGE);
            say("guest", "goes on; the page is " + vm.attributes().kind(SHARED));
            touches[0] = true;
            touch(cpu);
        }, exit -> onExit(exit, pin[0], touches[0]));
        if (end.reason() != ExitReason.HALTED) {
            say("guest", "stopped with " + end.reason() + ": " + end.cause());
        }
        say("host", "touches the page: " + touchAsHost(mapping) + "; it is " + vm.attributes().kind(SHARED));
    }

    private void touch(GuestCpu cpu) {
        long seen = cpu.loadLong(cpu.address(SHARED, true));
        say("guest", "touches the page and reads " + seen);
    }

    private ExitAction onExit(VmExit exit, Pin pin, boolean touched) {
        if (exit.reason() != ExitReason.UNSHARE && exit.reason() != ExitReason.MEMORY_FAULT) {
            return exit.reason() == ExitReason.HALTED ? ExitAction.STOP : ExitAction.RESUME;
        }
        exits++;
        say("vmm", "exit " + exit.reason() + " gpa 0x" + Long.toHexString(exit.gpa())
                + (exit.holders().isEmpty() ? "" : ", held by " + String.join(", ", exit.holders())));
        if (letsGoAtOnce || touched || exits == STUBBORN_EXITS) {
            pin.close();
            say("vmm", "lets vhost's pin go, and enters again");
        } else {
            say("vmm", "keeps vhost's pin, and enters again");
        }
        exit.setResult(0);
        return ExitAction.RESUME;
    }

    private static String touchAsHost(HostMapping mapping) {
        try {
            return "reads " + mapping.loadLong(SHARED);
        } catch (HostAccessException e) {
            return e.signal().toString();
        }
    }

    private void say(String who, String what) {
        lines.add("  " + who + " ".repeat(Math.max(1, 7 - who.length())) + what);
    }
}
