package com.example.enclosure;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.Status;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;

/// The machine: it knows which frames are a guest's, and keeps the host away from them.
final class ExamplePlatform implements Platform {
    private static final Operation OWNED = new Operation("FRAME.OWNED", 1, Operation.Effect.READS,
            List.of(new Operation.Field("pfn", 52, "frame number")), List.of(new Operation.Field("owned", 1, "1 if it is a guest's")),
            List.of(new Operation.StatusName("OK", 0)), "this plugin's README");

    final PhysicalMemory memory;
    /// Frames of guests; a set of boxed numbers is fine for an example, a real plugin keeps a table of words.
    final Set<Long> owned = ConcurrentHashMap.newKeySet();

    ExamplePlatform(PhysicalMemory memory) {
        this.memory = memory;
    }

    @Override
    public VmBackend create(VmContext context) {
        return new ExampleVm(this, context.type().traits());
    }

    @Override
    public long hostAccess(long pfn, int access, FaultDetail detail) {
        detail.pfn = pfn;
        return owned.contains(pfn) ? Status.of(Status.DENIED) : Status.OK;
    }

    @Override
    public ArchOperations operations() {
        return new ArchOperations() {
            @Override
            public List<Operation> list() {
                return List.of(OWNED);
            }

            @Override
            public long invoke(Operation operation, OperationCall call) {
                if (!operation.equals(OWNED)) {
                    throw new IllegalArgumentException("no operation " + operation.name());
                }
                call.out(0, owned.contains(call.in(0)) ? 1 : 0);
                return 0;
            }
        };
    }

    @Override
    public LaunchPlanner launchPlanner() {
        return new ExampleLaunch(this);
    }

    @Override
    public void close() {
        owned.clear();
    }
}
