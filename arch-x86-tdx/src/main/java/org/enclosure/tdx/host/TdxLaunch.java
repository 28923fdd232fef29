package org.enclosure.tdx.host;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.tdx.launch.TdxPlanner;
import org.enclosure.tdx.launch.Transcript;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.MrtdStream;
import org.enclosure.tdx.wire.TdxStatus;

/// The launch of one TD: TDH.MEM.PAGE.ADD and TDH.MR.EXTEND in the order of the plan, then TDH.MR.FINALIZE.
final class TdxLaunch implements LaunchSession {
    private final TdxModule module;
    private final long td;
    private final TdxTable table;
    private final List<String> lines = new ArrayList<>();
    private boolean isFinished;

    TdxLaunch(TdxModule module, long td, TdxTable table) {
        this.module = module;
        this.td = td;
        this.table = table;
    }

    @Override
    public long page(LaunchItem item, long pfn, long sourcePfn, TableWork work) {
        checkNotFinished();
        if (item.kind() == LaunchItem.Kind.RANGE) {
            return extend(item);
        }
        long status = table.load(item, pfn, sourcePfn, work);
        if (status == Status.OK) {
            lines.add(Transcript.add(item.gfn() << Paging.PAGE_SHIFT));
            return (item.flags() & TdxPlanner.MEASURED) == 0 ? Status.OK : extend(item);
        }
        return status;
    }

    private long extend(LaunchItem item) {
        LeafCall call = Calls.own();
        long first = item.gfn() << Paging.PAGE_SHIFT;
        long end = first + (item.npages() << Paging.PAGE_SHIFT);
        for (long gpa = first; gpa < end; gpa += MrtdStream.CHUNK) {
            if (module.data().extend(gpa, td, call) != TdxStatus.SUCCESS) {
                throw new IllegalStateException("the launch item " + item + " extends a page that was not added");
            }
        }
        lines.add(Transcript.extend(first, item.npages()));
        return Status.OK;
    }

    /// Ends the measurement. A TD that has no vCPU yet is finalised when the first one enters.
    @Override
    public LaunchResult finish(TableWork work) {
        checkNotFinished();
        isFinished = true;
        module.data().finalizeTd(td, Calls.own());
        return new LaunchResult(MrtdStream.ALGORITHM, module.measurements().of(td).hex(), true, lines);
    }

    private void checkNotFinished() {
        if (isFinished) {
            throw new IllegalStateException("the launch is finished; no step can follow");
        }
    }
}
