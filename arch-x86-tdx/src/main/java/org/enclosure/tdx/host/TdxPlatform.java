package org.enclosure.tdx.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.OptionNames;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.Status;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.tdx.launch.TdxPlanner;
import org.enclosure.tdx.machine.TdmrList;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.ops.TdxOperations;
import org.enclosure.tdx.wire.PageType;

/// One machine with a TDX module.
///
/// Setting `tdmr`: the memory that the module may use, as `base+bytes`, several separated by commas; by default every GiB that has
/// RAM, with what is no RAM reserved.
public final class TdxPlatform implements Platform {
    private static final String TDMR = "tdmr";

    private final TdxModule module;
    private final ArchOperations operations;
    private final boolean hasMemory;

    /// Opens a machine.
    ///
    /// @throws IllegalArgumentException if a setting is unknown or illegal
    public TdxPlatform(PlatformContext context) {
        OptionNames.check("the TDX platform", context.options(), Set.of(TDMR));
        module = new TdxModule(context.memory(), tdmrs(context));
        operations = new TdxOperations(module);
        hasMemory = !context.ranges().isEmpty();
    }

    private static TdmrList tdmrs(PlatformContext context) {
        Map<String, String> options = context.options();
        String text = options.get(TDMR);
        if (text == null) {
            return TdmrList.covering(context.ranges());
        }
        List<TdmrList.Region> regions = new ArrayList<>();
        for (String region : text.split(",", -1)) {
            int plus = region.indexOf('+');
            try {
                regions.add(new TdmrList.Region(Long.decode(region.substring(0, Math.max(0, plus))),
                        Long.decode(region.substring(plus + 1))));
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException(
                        "option tdmr=" + text + " is not legal: base+bytes, several separated by commas", notANumber);
            }
        }
        return new TdmrList(regions, context.ranges());
    }

    @Override
    public VmBackend create(VmContext context) {
        return new TdxVm(module, context);
    }

    /// What is read of a private page is junk. A write breaks the page's integrity: nothing is seen of it now, and the TD meets a
    /// machine check when it consumes the page. A write to one of the module's own pages of a TD ends that TD at once, because the
    /// module consumes them with its next leaf.
    @Override
    public long hostAccess(long pfn, int access, FaultDetail detail) {
        long pa = pfn << Paging.PAGE_SHIFT;
        boolean isMemory = hasMemory && pfn >= 0 && pfn <= Long.MAX_VALUE >>> Paging.PAGE_SHIFT
                && module.memory().contains(pa, Paging.PAGE_SIZE);
        int type = isMemory ? module.pamt().typeOf(pa) : PageType.RSVD;
        if (isMemory && type <= PageType.RSVD) {
            return Status.OK;
        }
        detail.pfn = pfn;
        detail.access = access;
        if (!isMemory) {
            return Status.of(Status.DENIED);
        }
        long td = type == PageType.TDR ? pa : module.pamt().owner(pa, module.pamt().leafLevel(pa));
        detail.owner = td >>> Paging.PAGE_SHIFT;
        detail.code = type;
        if ((access & Access.WRITE) == 0) {
            return Status.JUNK;
        }
        if (type == PageType.REG) {
            module.lines().poison(pa);
        } else {
            module.control().kill(td);
        }
        return Status.POISONED | Status.STALE;
    }

    @Override
    public ArchOperations operations() {
        return operations;
    }

    @Override
    public LaunchPlanner launchPlanner() {
        return TdxPlanner.INSTANCE;
    }

    @Override
    public void close() {
        // All state is in memory that the engine owns, and in this object.
    }
}
