package org.enclosure.tck.forward;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.Platform;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;

/// A platform around another one; what is called is the other's.
public abstract class ForwardingPlatform implements Platform {
    private final Platform inner;

    /// Stands around a platform.
    protected ForwardingPlatform(Platform inner) {
        this.inner = inner;
    }

    @Override
    public VmBackend create(VmContext context) {
        return inner.create(context);
    }

    @Override
    public long hostAccess(long pfn, int access, FaultDetail detail) {
        return inner.hostAccess(pfn, access, detail);
    }

    @Override
    public ArchOperations operations() {
        return inner.operations();
    }

    @Override
    public LaunchPlanner launchPlanner() {
        return inner.launchPlanner();
    }

    @Override
    public void close() {
        inner.close();
    }
}
