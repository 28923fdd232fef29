package org.enclosure.cca.launch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.enclosure.api.Paging;
import org.enclosure.cca.machine.Rim;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// The launch of one realm; what is measured, the RMM measures.
public final class CcaLaunch implements LaunchSession {
    private final LaunchTarget target;
    private final List<String> lines = new ArrayList<>();
    private boolean finished;

    /// Starts a launch.
    public CcaLaunch(LaunchTarget target) {
        this.target = target;
    }

    @Override
    public long page(LaunchItem item, long pfn, long sourcePfn, TableWork work) {
        checkNotFinished();
        long ipa = item.gfn() << Paging.PAGE_SHIFT;
        long top = ipa + (item.npages() << Paging.PAGE_SHIFT);
        long status = switch (item.type()) {
            case CcaPlanner.TYPE_DATA -> target.page(item.gfn(), pfn, sourcePfn, item.flags(), work);
            case CcaPlanner.TYPE_RIPAS -> target.ram(ipa, top, work);
            // The RECs of a VM are its vCPUs; they are added when all memory is there.
            case CcaPlanner.TYPE_REC -> Status.OK;
            default -> throw new IllegalArgumentException("a realm's launch has no step of type " + item.type());
        };
        if (status == Status.OK && item.type() != CcaPlanner.TYPE_REC) {
            lines.add((item.type() == CcaPlanner.TYPE_DATA ? "data ipa=0x" : "ripas base=0x") + Long.toHexString(ipa)
                    + (item.type() == CcaPlanner.TYPE_DATA ? " flags=" + item.flags()
                            : " top=0x" + Long.toHexString(top)));
        }
        return status;
    }

    @Override
    public LaunchResult finish(TableWork work) {
        checkNotFinished();
        long x0 = target.activate();
        if (x0 != Rmi.SUCCESS) {
            throw new IllegalStateException("the realm cannot be activated: the RMM answers 0x" + Long.toHexString(x0));
        }
        finished = true;
        byte[] rim = Arrays.copyOf(target.measurement(), Rim.length(target.hash()));
        return new LaunchResult(Rim.name(target.hash()), HexFormat.of().formatHex(rim), true, lines);
    }

    private void checkNotFinished() {
        if (finished) {
            throw new IllegalStateException("the launch is finished; no step can follow");
        }
    }
}
