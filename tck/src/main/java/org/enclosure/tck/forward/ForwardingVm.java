package org.enclosure.tck.forward;

import java.util.Map;

import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmTraits;

/// A VM around another one; what is called is the other's.
public abstract class ForwardingVm implements VmBackend {
    private final VmBackend inner;

    /// Stands around a VM.
    protected ForwardingVm(VmBackend inner) {
        this.inner = inner;
    }

    @Override
    public VmTraits traits() {
        return inner.traits();
    }

    @Override
    public GuestTable table() {
        return inner.table();
    }

    @Override
    public VcpuBackend createVcpu(VcpuContext context) {
        return inner.createVcpu(context);
    }

    @Override
    public LaunchSession launch(Map<String, String> options) {
        return inner.launch(options);
    }

    @Override
    public GuestDriver guestDriver() {
        return inner.guestDriver();
    }

    @Override
    public long teardown(TableWork work) {
        return inner.teardown(work);
    }

    @Override
    public void close() {
        inner.close();
    }
}
