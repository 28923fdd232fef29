package org.enclosure.tck.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.LaunchReport;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.tck.spy.SpyVcpu;
import org.enclosure.tck.spy.SpyVm;

/// A VM with 8M of memory at gpa 0, private at first. Offsets in store and mapping are gpas.
///
/// ```
/// 0M     2M      4M      6M     8M
/// | work  | image | fresh | more |      work: what guests use · fresh, more: never touched by a guest
/// ```
public final class TestVm implements AutoCloseable {
    /// A page.
    public static final long PAGE = Paging.PAGE_SIZE;
    /// Where guests work.
    public static final long WORK = 0;
    /// Where the image is.
    public static final long IMAGE = 2L << 20;
    /// Length of the image.
    public static final long IMAGE_BYTES = 4 * PAGE;
    /// First byte that no guest touches.
    public static final long FRESH = 4L << 20;
    /// End of the memory.
    public static final long RAM = 8L << 20;

    private final TestHost owner;
    private final VmType type;
    private final Vm vm;
    private final SpyVm backend;
    private final GuestMemoryStore store;
    private final HostAddressSpace space;
    private final HostMapping mapping;
    private final List<Vcpu> vcpus = new ArrayList<>();
    private final boolean split;
    private boolean closed;

    TestVm(TestHost owner, VmSetup setup) {
        this.owner = owner;
        type = setup.type();
        vm = owner.host().createVm(options(owner.plugin(), setup));
        backend = owner.spy().vms().getLast();
        split = "split".equals(vm.policies().get(PolicyKey.BACKING));
        store = vm.createStore(RAM, split ? Set.of() : Set.of(StoreFlag.MMAP));
        space = owner.host().createAddressSpace();
        mapping = split ? space.map(RAM) : space.map(store, 0, RAM);
        vm.slots().create(slot(0, 0, RAM, 0));
        if (split) {
            vm.conversions().convert(0, RAM, MemoryKind.PRIVATE);
        }
        for (int index = 0; index < setup.vcpus(); index++) {
            vcpus.add(vm.createVcpu(index));
        }
    }

    private static VmOptions options(Plugin plugin, VmSetup setup) {
        VmOptions options = VmOptions.of(setup.type().id()).withVcpus(setup.vcpus()).with(setup.policySet())
                .with(setup.decider());
        for (Map.Entry<String, String> setting : plugin.vmSettings().entrySet()) {
            options = options.with(setting.getKey(), setting.getValue());
        }
        return options;
    }

    /// A slot over this VM's memory.
    public Memslot slot(int id, long gpa, long bytes, long offset) {
        return split ? new Memslot(id, gpa, bytes, Set.of(), mapping, offset, store, offset)
                : Memslot.ofStore(id, gpa, bytes, store, offset);
    }

    // ---- launch and run -------------------------------------------------------------------------------------------------

    /// Launches an image whose bytes all differ from zero.
    public LaunchReport launch() {
        return launch(image());
    }

    /// Launches an image.
    public LaunchReport launch(byte[] image) {
        return vm.launch(MemorySegment.ofArray(image), launchOptions());
    }

    /// The options of a launch.
    public Map<String, String> launchOptions() {
        Map<String, String> options = new HashMap<>(owner.plugin().launchOptions());
        options.put(LaunchPlanner.OPTION_GPA, "0x" + Long.toHexString(IMAGE));
        return options;
    }

    /// The image that [#launch()] loads.
    public static byte[] image() {
        byte[] image = new byte[(int) IMAGE_BYTES];
        for (int i = 0; i < image.length; i++) {
            image[i] = (byte) (1 + (i * 31 + (i >>> 12)) % 251);
        }
        return image;
    }

    /// Runs a guest on vCPU 0 until it returns; exits are left to the policy.
    ///
    /// @throws AssertionError if it does not return
    public void run(GuestProgram guest) {
        run(0, guest);
    }

    /// Runs a guest on a vCPU until it returns; exits are left to the policy.
    ///
    /// @throws AssertionError if it does not return
    public void run(int vcpu, GuestProgram guest) {
        VmExit exit = tryRun(vcpu, guest);
        if (exit.reason() != ExitReason.HALTED) {
            throw new AssertionError(type.id() + ": the guest ended with " + exit.reason() + " at gpa 0x"
                    + Long.toHexString(exit.gpa()) + ": " + exit.cause());
        }
    }

    /// Runs a guest on a vCPU; exits are left to the policy.
    public VmExit tryRun(int vcpu, GuestProgram guest) {
        return vcpus.get(vcpu).run(guest, ExitHandler.POLICY);
    }

    /// The event handler of a guest that uses memory as it comes: a page that it has not accepted, it accepts then.
    public static boolean acceptAnything(GuestCpu cpu, int event, long gpa) {
        if (event == GuestEvent.UNACCEPTED) {
            cpu.accept(gpa & -PAGE, PAGE);
        }
        return event == GuestEvent.UNACCEPTED;
    }

    // ---- parts ----------------------------------------------------------------------------------------------------------

    /// The host that it is on.
    public TestHost host() {
        return owner;
    }

    /// Its type.
    public VmType type() {
        return type;
    }

    /// Its traits.
    public VmTraits traits() {
        return backend.traits();
    }

    /// The VM as an embedder has it.
    public Vm vm() {
        return vm;
    }

    /// The plugin's backend of it.
    public SpyVm backend() {
        return backend;
    }

    /// The plugin's backend of a vCPU.
    public SpyVcpu vcpuBackend(int index) {
        return backend.vcpus().get(index);
    }

    /// The VMM's face of a vCPU.
    public Vcpu vcpu(int index) {
        return vcpus.get(index);
    }

    /// Its memory: both halves in place, the private half where the backing is split.
    public GuestMemoryStore store() {
        return store;
    }

    /// What the host reaches of it.
    public HostMapping mapping() {
        return mapping;
    }

    /// The host process that the mapping is in.
    public HostAddressSpace space() {
        return space;
    }

    /// Whether the two halves live apart.
    public boolean isSplit() {
        return split;
    }

    /// The frame behind a gpa, or -1.
    public long pfn(long gpa) {
        long pa = vm.inspect(gpa).pa();
        return pa < 0 ? -1 : pa >>> Paging.PAGE_SHIFT;
    }

    /// Ends it and gives everything back.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            vcpus.forEach(Vcpu::close);
            vm.close();
            store.close();
            space.close();
        }
    }
}
