package org.enclosure.tdx;

import org.enclosure.tck.plugin.MachineTable;

/// Which methods of the TDX module are which leaves.
final class TdxMachine {
    static final MachineTable TABLE = MachineTable.of("org.enclosure.tdx.machine")
            .operation("TdLeaves.create", "TDH.MNG.CREATE").operation("TdLeaves.configureKey", "TDH.MNG.KEY.CONFIG")
            .operation("TdLeaves.addControlPage", "TDH.MNG.ADDCX").operation("TdLeaves.init", "TDH.MNG.INIT")
            .operation("VcpuLeaves.create", "TDH.VP.CREATE").operation("VcpuLeaves.addControlPage", "TDH.VP.ADDCX")
            .operation("VcpuLeaves.init", "TDH.VP.INIT").operation("TdLeaves.flushDone", "TDH.MNG.VPFLUSHDONE")
            .operation("TdLeaves.freeKey", "TDH.MNG.KEY.FREEID").operation("TableLeaves.add", "TDH.MEM.SEPT.ADD")
            .operation("PageLeaves.add", "TDH.MEM.PAGE.ADD").operation("PageLeaves.aug", "TDH.MEM.PAGE.AUG")
            .operation("PageLeaves.remove", "TDH.MEM.PAGE.REMOVE")
            .operation("RangeLeaves.block", "TDH.MEM.RANGE.BLOCK")
            .operation("RangeLeaves.unblock", "TDH.MEM.RANGE.UNBLOCK").operation("RangeLeaves.track", "TDH.MEM.TRACK")
            .operation("SizeLeaves.demote", "TDH.MEM.PAGE.DEMOTE")
            .operation("SizeLeaves.promote", "TDH.MEM.PAGE.PROMOTE").operation("DataLeaves.extend", "TDH.MR.EXTEND")
            .operation("DataLeaves.finalizeTd", "TDH.MR.FINALIZE")
            .operation("PhysicalLeaves.reclaim", "TDH.PHYMEM.PAGE.RECLAIM")
            .operation("PhysicalLeaves.writeBack", "TDH.PHYMEM.PAGE.WBINVD")
            .operation("PhysicalLeaves.writeBackCaches", "TDH.PHYMEM.CACHE.WB")
            .operation("GuestLeaves.accept", "TDG.MEM.PAGE.ACCEPT").operation("GuestLeaves.access", "GUEST.ACCESS")
            .operation("Epochs.enter", "VCPU.ENTER").operation("Epochs.exit", "VCPU.EXIT")
            .operation("HostLines.poison", "HOST.POISON").operation("TdControl.kill", "TEST.TD_FATAL")
            .apart("PamtBlock.table", "the entries of a region come into being, all free, when one is looked at")
            .inspection("TDH.PHYMEM.PAGE.RDMD", "rcx", "rdx", "r8", "r9");

    private TdxMachine() {
    }
}
