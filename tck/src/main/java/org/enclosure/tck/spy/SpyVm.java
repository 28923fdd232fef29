package org.enclosure.tck.spy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.tck.forward.ForwardingVm;

/// One VM's backend, with its table and its vCPUs.
public final class SpyVm extends ForwardingVm {
    private final Violations violations;
    private final SpyTable table;
    private final List<SpyVcpu> vcpus = new CopyOnWriteArrayList<>();

    SpyVm(VmBackend inner, PhysicalMemory memory, Violations violations) {
        super(inner);
        this.violations = violations;
        table = new SpyTable(inner.table(), memory, violations);
        List<String> contradictions = inner.traits().contradictions();
        if (!contradictions.isEmpty()) {
            violations.add("LOAD-3", "the traits of a VM contradict one another: " + contradictions);
        }
    }

    /// The vCPUs, in the order of their creation.
    public List<SpyVcpu> vcpus() {
        return vcpus;
    }

    @Override
    public GuestTable table() {
        return table;
    }

    @Override
    public VcpuBackend createVcpu(VcpuContext context) {
        SpyVcpu vcpu = new SpyVcpu(super.createVcpu(context), violations);
        vcpus.add(vcpu);
        return vcpu;
    }

    @Override
    public LaunchSession launch(Map<String, String> options) {
        LaunchSession session = super.launch(options);
        return new LaunchSession() {
            @Override
            public long page(LaunchItem item, long pfn, long sourcePfn, TableWork work) {
                long status = session.page(item, pfn, sourcePfn, work);
                Answers.check(violations, "page", status, Answers.PAGE);
                return status;
            }

            @Override
            public LaunchResult finish(TableWork work) {
                return session.finish(work);
            }
        };
    }

    @Override
    public long teardown(TableWork work) {
        long status = super.teardown(work);
        Answers.check(violations, "teardown", status, Answers.TEARDOWN);
        return status;
    }
}
