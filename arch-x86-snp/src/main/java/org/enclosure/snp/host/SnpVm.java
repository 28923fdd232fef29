package org.enclosure.snp.host;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.enclosure.api.Paging;
import org.enclosure.snp.guest.SnpGuestDriver;
import org.enclosure.snp.guest.ValidatedPages;
import org.enclosure.snp.launch.LaunchOptions;
import org.enclosure.snp.launch.Mode;
import org.enclosure.snp.machine.SecureProcessor;
import org.enclosure.snp.machine.SnpMachine;
import org.enclosure.snp.wire.RmpState;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.OptionNames;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmTraits;
import org.jspecify.annotations.Nullable;

/// An SNP guest: an ASID, a context page that the firmware owns, and one page per vCPU for its state.
///
/// The guest is in LAUNCH state from its creation on. A VM that runs without having been launched has its vCPU pages measured at
/// their first entry.
final class SnpVm implements VmBackend {
    /// SMT allowed, and the bit that must be one: QEMU's default.
    private static final long POLICY = 0x30000;
    private static final long SNP_ACTIVE = 1;

    final SnpMachine machine;
    final int asid;
    final long context;
    private final Asids asids;
    private final FrameCache frames;
    private final VmTraits traits;
    private final SnpTable table;
    private final AtomicReferenceArray<SnpVcpu> vcpus;
    private final AtomicBoolean launched = new AtomicBoolean();
    private volatile long features = SNP_ACTIVE; // ORDERING: written before vCPUs run
    private final ValidatedPages validated = new ValidatedPages();

    SnpVm(SnpMachine machine, Asids asids, int asid, VmContext vm) {
        this.machine = machine;
        this.asids = asids;
        this.asid = asid;
        traits = vm.type().traits();
        frames = vm.frames();
        OptionNames.check("a VM of type snp", vm.options(), Set.of());
        if (frames.size() == 0) {
            throw new IllegalArgumentException("a VM of type snp needs 1 frame for its context and was given none");
        }
        context = frames.pop() << Paging.PAGE_SHIFT;
        table = new SnpTable(machine, asid);
        vcpus = new AtomicReferenceArray<>(vm.maxVcpus());
        start();
    }

    /// The page becomes the firmware's, then the guest's context.
    private void start() {
        SecureProcessor processor = machine.processor();
        int code = Settled.instruction(() -> machine.host().rmpupdate(context, 0,
                RmpState.high(true, false, false, true, 0), false));
        boolean isDone = code == 0 && Settled.command(() -> processor.createGuest(context)) == 0
                && processor.launchStart(context, POLICY, false) == 0 && processor.activate(context, asid) == 0;
        if (!isDone) {
            stop();
            throw new IllegalArgumentException(
                    "the machine does not take context page 0x" + Long.toHexString(context) + ", RMPUPDATE " + code);
        }
    }

    private void stop() {
        Settled.command(() -> machine.processor().decommission(context));
        if (giveBack(machine, context)) {
            frames.push(context >>> Paging.PAGE_SHIFT);
        }
    }

    /// Makes a page of the firmware's or of a guest's the hypervisor's.
    ///
    /// @return false if it cannot be returned: it is leaked then, never freed
    static boolean giveBack(SnpMachine machine, long spa) {
        Settled.command(() -> machine.pages().reclaim(spa, false));
        return Settled.instruction(
                () -> machine.host().rmpupdate(spa, 0, RmpState.high(false, false, false, false, 0), false)) == 0;
    }

    /// The vCPU of a number, or null.
    @Nullable
    SnpVcpu vcpu(long index) {
        return vcpus.get((int) index);
    }

    int maxVcpus() {
        return vcpus.length();
    }

    private int vcpuCount() {
        int count = 0;
        for (int index = 0; index < vcpus.length(); index++) {
            count += vcpus.get(index) == null ? 0 : 1;
        }
        return count;
    }

    /// The SEV features that its vCPUs have.
    long features() {
        return features;
    }

    /// What the guest knows of its pages: those of the launch are validated.
    ValidatedPages validated() {
        return validated;
    }

    @Override
    public VmTraits traits() {
        return traits;
    }

    @Override
    public GuestTable table() {
        return table;
    }

    @Override
    public VcpuBackend createVcpu(VcpuContext vcpu) {
        SnpVcpu created = new SnpVcpu(this, vcpu);
        vcpus.set(vcpu.index(), created);
        return created;
    }

    @Override
    public LaunchSession launch(Map<String, String> options) {
        LaunchOptions parsed = LaunchOptions.parse(options);
        Options.checkLaunch(options, parsed, Mode.SNP, vcpuCount());
        if (!launched.compareAndSet(false, true)) {
            throw new IllegalStateException("the VM has been launched before; a VM is launched at most once");
        }
        features = parsed.features();
        return new SnpLaunch(this, parsed);
    }

    @Override
    public GuestDriver guestDriver() {
        return new SnpGuestDriver(validated);
    }

    @Override
    public long teardown(TableWork work) {
        return Status.OK;
    }

    @Override
    public void close() {
        stop();
        asids.free(asid);
    }
}
