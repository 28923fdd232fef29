package org.enclosure.tdx.ops;

import static org.enclosure.spi.Operation.Effect.CHANGES;
import static org.enclosure.spi.Operation.Effect.READS;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import org.enclosure.spi.Operation.Effect;
import org.enclosure.spi.Operation.StatusName;
import org.enclosure.spi.OperationCall;
import org.enclosure.tdx.machine.DataLeaves;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.PageLeaves;
import org.enclosure.tdx.machine.PhysicalLeaves;
import org.enclosure.tdx.machine.RangeLeaves;
import org.enclosure.tdx.machine.SizeLeaves;
import org.enclosure.tdx.machine.TableLeaves;
import org.enclosure.tdx.machine.TdLeaves;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.machine.VcpuLeaves;

/// The SEAMCALL leaves.
final class SeamcallLines {
    private static final String SOURCE = "Intel TDX Module 1.5 ABI specification, SEAMCALL leaf ";

    private final List<Line> lines = new ArrayList<>();
    private final LeafCall out = new LeafCall();

    SeamcallLines(TdxModule module) {
        addTd(module.tds(), module.data());
        addTables(module.tables(), module.sizes());
        addPages(module.pages(), module.ranges(), module.data());
        addPhysical(module.physical());
        addVcpus(module.vcpus());
        memory("TDH.EXPORT.BLOCKW", 65, "rcx rdx", call -> module.exports().blockWrites(call.in(0), call.in(1), out));
        memory("TDH.EXPORT.RESTORE", 66, "rcx rdx", call -> module.exports().restore(call.in(0), call.in(1), out));
        memory("TDH.EXPORT.UNBLOCKW", 75, "rcx rdx",
                call -> module.exports().unblockWrites(call.in(0), call.in(1), out));
        memory("TDH.EXPORT.MEM", 68, "rcx rdx", call -> module.exports().export(call.in(0), call.in(1), out));
        add("TDH.IMPORT.MEM", 83, CHANGES, "rcx rdx r13", "rcx rdx r8", Statuses.IMPORT,
                call -> module.imports().importPages(call.in(0), call.in(1), call.in(2), out));
    }

    List<Line> lines() {
        return lines;
    }

    private void addTd(TdLeaves tds, DataLeaves data) {
        td("TDH.MNG.CREATE", 9, "rcx rdx", call -> tds.create(call.in(0), call.in(1), out));
        td("TDH.MNG.KEY.CONFIG", 8, "rcx", call -> tds.configureKey(call.in(0), out));
        td("TDH.MNG.ADDCX", 1, "rcx rdx", call -> tds.addControlPage(call.in(0), call.in(1), out));
        td("TDH.MNG.INIT", 21, "rcx rdx", call -> tds.init(call.in(0), call.in(1), out));
        td("TDH.MNG.VPFLUSHDONE", 19, "rcx", call -> tds.flushDone(call.in(0), out));
        td("TDH.MNG.KEY.FREEID", 20, "rcx", call -> tds.freeKey(call.in(0), out));
        td("TDH.MNG.KEY.RECLAIMID", 27, "rcx", call -> tds.reclaimKey(call.in(0), out));
        td("TDH.MR.FINALIZE", 17, "rcx", call -> data.finalizeTd(call.in(0), out));
    }

    private void addVcpus(VcpuLeaves vcpus) {
        td("TDH.VP.CREATE", 10, "rcx rdx", call -> vcpus.create(call.in(0), call.in(1), out));
        td("TDH.VP.ADDCX", 4, "rcx rdx", call -> vcpus.addControlPage(call.in(0), call.in(1), out));
        td("TDH.VP.INIT", 22, "rcx rdx", call -> vcpus.init(call.in(0), call.in(1), out));
    }

    private void addTables(TableLeaves tables, SizeLeaves sizes) {
        memory("TDH.MEM.SEPT.ADD", 3, "rcx rdx r8", call -> tables.add(call.in(0), call.in(1), call.in(2), out));
        memory("TDH.MEM.SEPT.REMOVE", 30, "rcx rdx", call -> tables.remove(call.in(0), call.in(1), out));
        add("TDH.MEM.SEPT.RD", 25, CHANGES, "rcx rdx", "rcx rdx r8", Statuses.MEMORY,
                call -> tables.read(call.in(0), call.in(1), out));
        memory("TDH.MEM.PAGE.PROMOTE", 23, "rcx rdx", call -> sizes.promote(call.in(0), call.in(1), out));
        memory("TDH.MEM.PAGE.DEMOTE", 15, "rcx rdx r8", call -> sizes.demote(call.in(0), call.in(1), call.in(2), out));
    }

    private void addPages(PageLeaves pages, RangeLeaves ranges, DataLeaves data) {
        memory("TDH.MEM.PAGE.ADD", 2, "rcx rdx r8 r9",
                call -> pages.add(call.in(0), call.in(1), call.in(2), call.in(3), out));
        memory("TDH.MEM.PAGE.AUG", 6, "rcx rdx r8", call -> pages.aug(call.in(0), call.in(1), call.in(2), out));
        memory("TDH.MEM.PAGE.REMOVE", 29, "rcx rdx", call -> pages.remove(call.in(0), call.in(1), out));
        memory("TDH.MEM.PAGE.RELOCATE", 5, "rcx rdx r8",
                call -> pages.relocate(call.in(0), call.in(1), call.in(2), out));
        memory("TDH.MEM.RANGE.BLOCK", 7, "rcx rdx", call -> ranges.block(call.in(0), call.in(1), out));
        memory("TDH.MEM.RANGE.UNBLOCK", 39, "rcx rdx", call -> ranges.unblock(call.in(0), call.in(1), out));
        td("TDH.MEM.TRACK", 38, "rcx", call -> ranges.track(call.in(0), out));
        memory("TDH.MEM.RD", 12, "rcx rdx", call -> data.read(call.in(0), call.in(1), out));
        memory("TDH.MEM.WR", 14, "rcx rdx r8", call -> data.write(call.in(0), call.in(1), call.in(2), out));
        memory("TDH.MR.EXTEND", 16, "rcx rdx", call -> data.extend(call.in(0), call.in(1), out));
    }

    private void addPhysical(PhysicalLeaves physical) {
        add("TDH.PHYMEM.PAGE.RDMD", 24, READS, "rcx", "rcx rdx r8 r9", Statuses.PHYSICAL,
                call -> physical.readMetadata(call.in(0), out));
        add("TDH.PHYMEM.PAGE.RECLAIM", 28, CHANGES, "rcx", "rcx rdx r8", Statuses.PHYSICAL,
                call -> physical.reclaim(call.in(0), out));
        add("TDH.PHYMEM.PAGE.WBINVD", 41, CHANGES, "rcx", "", Statuses.PHYSICAL,
                call -> physical.writeBack(call.in(0), out));
        add("TDH.PHYMEM.CACHE.WB", 40, CHANGES, "rcx", "", Statuses.CACHE,
                call -> physical.writeBackCaches(call.in(0), out));
        add("TDH.SYS.TDMR.INIT", 36, CHANGES, "rcx", "rcx rdx", Statuses.PHYSICAL,
                call -> physical.initTdmr(call.in(0), out));
    }

    private void td(String name, int number, String in, ToLongFunction<OperationCall> body) {
        add(name, number, CHANGES, in, "rcx rdx r8", Statuses.TD, body);
    }

    private void memory(String name, int number, String in, ToLongFunction<OperationCall> body) {
        add(name, number, CHANGES, in, "rcx rdx r8", Statuses.MEMORY, body);
    }

    private void add(String name, int number, Effect effect, String in, String registers, List<StatusName> statuses,
            ToLongFunction<OperationCall> body) {
        int outputs = registers.isEmpty() ? 0 : registers.split(" ", -1).length;
        lines.add(Line.of(name, number, effect, in, registers, statuses, SOURCE + name, call -> {
            long rax = body.applyAsLong(call);
            for (int i = 0; i < outputs; i++) {
                call.out(i, switch (i) {
                    case 0 -> out.rcx;
                    case 1 -> out.rdx;
                    case 2 -> out.r8;
                    default -> out.r9;
                });
            }
            return rax;
        }));
    }
}
