package org.enclosure.examples.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.enclosure.api.Errno;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.LaunchReport;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.examples.guest.MemoryMap;

/// A small VMM: one host with one VM, its memory, its vCPUs, and an echo device at the doorbell.
public final class Machine implements AutoCloseable {
    private static final long REFUSED = -Errno.EINVAL.number();
    /// The attributes of MAP_GPA_RANGE that mean something: page size and private.
    private static final long KNOWN_ATTRIBUTES = 0x1f;
    private static final long SLACK = 64L << 20;
    private static final int TABLES_SHARE = 16;

    private final Host host;
    private final Vm vm;
    private final MemoryMap map;
    private final GuestMemory memory;
    private final EchoDevice device;
    private final List<Vcpu> vcpus = new ArrayList<>();

    private Machine(Host host, MachineConfig config) {
        this.host = host;
        map = config.map();
        vm = host.createVm(VmOptions.of(config.vmType()).withVcpus(config.vcpus()).with(config.policies()));
        memory = GuestMemory.create(host, vm, map);
        for (int index = 0; index < config.vcpus(); index++) {
            vcpus.add(vm.createVcpu(index));
        }
        device = new EchoDevice(memory.mapping(), MemoryMap.BOUNCE, config.echo());
    }

    /// Describes the host that a machine needs.
    public static HostOptions hostOptions(MachineConfig config) {
        return HostOptions.of(config.architecture(), hostMemory(config.map().ramBytes()));
    }

    /// Builds a machine; the VM is not launched yet.
    ///
    /// @param host a host with no VM yet; closed with the machine, and if the machine cannot be built
    /// @throws org.enclosure.api.GuestMemoryException if the configuration is not possible on this architecture
    public static Machine open(Host host, MachineConfig config) {
        try {
            return new Machine(host, config);
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    /// The host.
    public Host host() {
        return host;
    }

    /// The VM.
    public Vm vm() {
        return vm;
    }

    /// The guest's memory map.
    public MemoryMap map() {
        return map;
    }

    /// The guest's memory.
    public GuestMemory memory() {
        return memory;
    }

    /// The echo device.
    public EchoDevice device() {
        return device;
    }

    /// Launches the image at the place that the map gives it.
    public LaunchReport launch(MemorySegment image) {
        return vm.launch(image, Map.of("gpa", "0x" + Long.toHexString(map.image())));
    }

    /// Runs a program on the boot vCPU, on the calling thread.
    public Ending run(GuestProgram program) {
        return run(0, program);
    }

    /// Runs one program per vCPU at the same time and waits for all.
    ///
    /// @param programs program `i` is for vCPU `i`
    public List<Ending> runAll(List<? extends GuestProgram> programs) {
        List<Callable<Ending>> runs = new ArrayList<>();
        for (int index = 0; index < programs.size(); index++) {
            int vcpu = index;
            runs.add(() -> run(vcpu, programs.get(vcpu)));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(runs.size(),
                Thread.ofPlatform().name("vcpu-", 0).factory())) {
            return results(threads.invokeAll(runs));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while vCPUs were running", e);
        }
    }

    @Override
    public void close() {
        device.close();
        vcpus.forEach(Vcpu::close);
        memory.close();
        vm.close();
        host.close();
    }

    private Ending run(int index, GuestProgram program) {
        return Ending.of(vcpus.get(index).run(program, this::onExit));
    }

    /// The run loop's body: answers the doorbell and other MMIO; leaves conversions to the VM's policy.
    private ExitAction onExit(VmExit exit) {
        switch (exit.reason()) {
            case MMIO -> onMmio(exit);
            case HYPERCALL -> onHypercall(exit);
            case SHUTDOWN, ERROR, DIRTY_RING_FULL, INTERRUPTED, HALTED -> {
                return ExitAction.STOP;
            }
            case MEMORY_FAULT, UNSHARE -> {
                return ExitAction.RESUME;
            }
        }
        return ExitAction.RESUME;
    }

    /// A request with reserved bits is refused here. A call that is not answered here is refused by the engine.
    private static void onHypercall(VmExit exit) {
        if (exit.number() == VmExit.MAP_GPA_RANGE && (exit.argument(2) & ~KNOWN_ATTRIBUTES) != 0) {
            exit.setResult(REFUSED);
        }
    }

    private void onMmio(VmExit exit) {
        if (!exit.isWrite()) {
            exit.setData(-1);
        } else if (exit.gpa() == map.doorbell()) {
            device.ring();
        }
    }

    private static List<Ending> results(List<Future<Ending>> runs) throws InterruptedException {
        List<Ending> endings = new ArrayList<>();
        for (Future<Ending> run : runs) {
            try {
                endings.add(run.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a vCPU's thread failed: " + e.getCause(), e.getCause());
            }
        }
        return endings;
    }

    /// Room for both halves of all RAM and for tables; it is reserved, not committed.
    private static long hostMemory(long ramBytes) {
        long wanted = 2 * (ramBytes + MemoryMap.WINDOW_BYTES) + ramBytes / TABLES_SHARE + SLACK;
        return Math.min(HostOptions.MAX_MEMORY, wanted & -MemoryMap.WINDOW_BYTES);
    }
}
