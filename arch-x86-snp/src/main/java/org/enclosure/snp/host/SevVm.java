package org.enclosure.snp.host;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.enclosure.snp.guest.SevGuestDriver;
import org.enclosure.snp.launch.LaunchOptions;
import org.enclosure.snp.launch.Mode;
import org.enclosure.snp.machine.SnpMachine;
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

/// An SEV or SEV-ES guest: an ASID, which is a key, and nothing else.
final class SevVm implements VmBackend {
    private final SnpMachine machine;
    private final Asids asids;
    private final int asid;
    private final boolean es;
    private final VmTraits traits;
    private final SevTable table;
    private final AtomicInteger vcpus = new AtomicInteger();
    private final AtomicBoolean launched = new AtomicBoolean();

    SevVm(SnpMachine machine, Asids asids, int asid, VmContext context) {
        this.machine = machine;
        this.asids = asids;
        this.asid = asid;
        es = context.type().id().equals(SnpTypes.SEV_ES.id());
        traits = context.type().traits();
        OptionNames.check("a VM of type " + context.type().id(), context.options(), Set.of());
        table = new SevTable(machine.keys(), asid);
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
    public VcpuBackend createVcpu(VcpuContext context) {
        vcpus.incrementAndGet();
        return new SevVcpu(machine, asid, es);
    }

    @Override
    public LaunchSession launch(Map<String, String> options) {
        LaunchOptions parsed = LaunchOptions.parse(options);
        Options.checkLaunch(options, parsed, es ? Mode.SEVES : Mode.SEV, vcpus.get());
        if (!launched.compareAndSet(false, true)) {
            throw new IllegalStateException("the VM has been launched before; a VM is launched at most once");
        }
        return new SevLaunch(machine, asid, es ? vcpus.get() : 0, parsed);
    }

    @Override
    public GuestDriver guestDriver() {
        return new SevGuestDriver();
    }

    @Override
    public long teardown(TableWork work) {
        return Status.OK;
    }

    @Override
    public void close() {
        asids.free(asid);
    }
}
