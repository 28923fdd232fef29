package org.enclosure.tck.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.vm.PageReport;
import org.enclosure.api.vm.Vm;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.oracle.PageModel.Presence;

/// Compares what it knows of each page with what the engine, the platform and the memory itself say. What does not agree is an
/// [AssertionError] that names the frame.
public final class Oracle {
    /// The offset of the word of each page that is followed.
    public static final long WORD = 0x7f8;

    private final TestHost host;
    private final PhysicalMemory memory;
    private final boolean exactPresence;
    private final Map<VmModel, Vm> vms = new HashMap<>();
    private final Map<Long, PageModel> frames = new HashMap<>();

    /// @param exactPresence whether folios are of 4K, so that no page gets a frame because of its neighbour
    public Oracle(TestHost host, boolean exactPresence) {
        this.host = host;
        this.exactPresence = exactPresence;
        memory = host.spy().memory();
    }

    /// Adds a VM.
    ///
    /// @param gfns pages of its address space that are looked at
    public VmModel add(String name, Vm vm, int gfns) {
        VmModel model = new VmModel(name, gfns);
        vms.put(model, vm);
        return model;
    }

    /// The VMs.
    public List<VmModel> vms() {
        return new ArrayList<>(vms.keySet());
    }

    /// Forgets the frame of a page that was given back.
    public void punch(PageModel page) {
        frames.remove(page.pfn());
        page.punch();
    }

    /// Compares all pages.
    public void compareAll() {
        for (VmModel vm : vms.keySet()) {
            for (int gfn = 0; gfn < vm.gfns(); gfn++) {
                compare(vm, gfn);
            }
        }
    }

    /// Compares one page.
    public void compare(VmModel model, int gfn) {
        Vm vm = vm(model);
        PageModel page = model.at(gfn);
        long gpa = (long) gfn << Paging.PAGE_SHIFT;
        PageReport report = vm.inspect(gpa);
        if (page == null) {
            check(report.pa() < 0, model, gfn, report, "no page: there is no slot");
            return;
        }
        check(report.kind() == MemoryKind.of(page.isPrivate()), model, gfn, report, page.toString());
        check(vm.attributes().kind(gpa) == report.kind(), model, gfn, report, "one kind");
        compareFrame(model, gfn, page, report);
    }

    private void compareFrame(VmModel model, int gfn, PageModel page, PageReport report) {
        long pfn = report.pa() < 0 ? PageModel.NO_FRAME : report.pa() >>> Paging.PAGE_SHIFT;
        boolean mayDiffer = page.presence() == Presence.UNKNOWN || !exactPresence && page.presence() == Presence.ABSENT;
        check(mayDiffer || page.presence() == Presence.PRESENT == pfn >= 0, model, gfn, report,
                page.presence() + " " + page);
        check(page.pfn() == PageModel.NO_FRAME || page.pfn() == pfn, model, gfn, report, page.toString());
        page.learn(pfn);
        if (pfn == PageModel.NO_FRAME) {
            return;
        }
        PageModel other = frames.putIfAbsent(pfn, page);
        check(other == null || other.equals(page), model, gfn, report, "a frame that is not that of " + other);
        boolean isHosts = host.isHosts(pfn);
        check(page.isPrivate() ? !page.isOwned() || !isHosts : isHosts, model, gfn, report,
                page.isPrivate() ? "a frame that the host does not reach" : "a frame that the host reaches");
        if (page.word() != 0) {
            long found = memory.getLong(report.pa() + WORD);
            String wanted = page.compare(found);
            check(wanted.isEmpty(), model, gfn, report, wanted + " in memory, not 0x" + Long.toHexString(found));
        }
    }

    private Vm vm(VmModel model) {
        Vm vm = vms.get(model);
        if (vm == null) {
            throw new AssertionError(model + " is not of this oracle");
        }
        return vm;
    }

    private static void check(boolean holds, VmModel vm, int gfn, PageReport report, String expected) {
        if (!holds) {
            throw new AssertionError(vm + " gfn 0x" + Integer.toHexString(gfn) + ", frame "
                    + (report.pa() < 0 ? "none" : "0x" + Long.toHexString(report.pa() >>> Paging.PAGE_SHIFT))
                    + ": the engine says "
                    + report.kind() + ", " + report.state() + ", order " + report.order() + "; the oracle expects "
                    + expected);
        }
    }
}
