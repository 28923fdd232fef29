package org.enclosure.tdx.ops;

import static org.enclosure.spi.Operation.Effect.CHANGES;
import static org.enclosure.spi.Operation.Effect.ENTERS;
import static org.enclosure.spi.Operation.Effect.READS;

import java.util.List;

import org.enclosure.spi.OperationCall;
import org.enclosure.tdx.machine.GuestLeaves;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdControl;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.Qualification;
import org.enclosure.tdx.wire.SeptEntry;

/// What a guest does: TDCALL leaves, accesses, and the bookkeeping of its entries and exits.
final class GuestLines {
    private final TdxModule module;
    private final LeafCall out = new LeafCall();

    GuestLines(TdxModule module) {
        this.module = module;
    }

    List<Line> lines() {
        return List.of(
                Line.of("TDG.MEM.PAGE.ACCEPT", 6, CHANGES, "td rcx",
                        "exit gpa eeq eeq_type req_level err_level err_state err_leaf interrupted", Statuses.ACCEPT,
                        "Intel TDX Module 1.5 ABI specification, TDCALL leaf TDG.MEM.PAGE.ACCEPT", this::accept),
                Line.of("GUEST.ACCESS", -1, READS, "td gpa access", "level hpa eeq_type", Statuses.ACCESS,
                        "Intel TDX Module 1.5 base specification, secure EPT violation", this::access),
                Line.of("VCPU.ENTER", -1, ENTERS, "td vcpu", "vcpu_epoch", Statuses.DONE,
                        "Intel TDX Module 1.5 base specification, TLB tracking", this::enter),
                Line.of("VCPU.EXIT", -1, ENTERS, "td vcpu", "vcpu_epoch", Statuses.DONE,
                        "Intel TDX Module 1.5 base specification, TLB tracking", this::exit));
    }

    private long accept(OperationCall call) {
        long rax = module.guest().accept(EnvironmentLines.initialised(module, call.in(0)), call.in(1), out);
        call.out(0, out.exits ? 1 : 0);
        call.out(1, out.gpa);
        call.out(2, out.qualification);
        call.out(3, Qualification.type(out.qualification));
        call.out(4, Qualification.requestLevel(out.qualification));
        call.out(5, Qualification.errorLevel(out.qualification));
        call.out(6, Qualification.errorState(out.qualification));
        call.out(7, Qualification.isLeaf(out.qualification) ? 1 : 0);
        call.out(8, 0);
        return rax;
    }

    private long access(OperationCall call) {
        long td = EnvironmentLines.initialised(module, call.in(0));
        long gpa = call.in(1);
        if (!module.environment().isPrivate(td, gpa)) {
            throw new IllegalArgumentException("gpa 0x" + Long.toHexString(gpa) + " is no private address of this TD");
        }
        int outcome = module.guest().access(td, gpa, (int) call.in(2), out);
        boolean isAllowed = outcome == GuestLeaves.ALLOWED;
        call.out(0, isAllowed ? out.level : 0);
        call.out(1, isAllowed ? SeptEntry.hpa(out.entry, out.level) + (gpa & PageInfo.size(out.level) - 1) : 0);
        call.out(2, Qualification.type(out.qualification));
        return outcome;
    }

    private long enter(OperationCall call) {
        long td = EnvironmentLines.initialised(module, call.in(0));
        module.epochs().enter(td, vcpu(call));
        call.out(0, module.epochs().vcpuEpoch(td, vcpu(call)));
        return 0;
    }

    private long exit(OperationCall call) {
        long td = EnvironmentLines.initialised(module, call.in(0));
        module.epochs().exit(td, vcpu(call));
        call.out(0, module.epochs().vcpuEpoch(td, vcpu(call)));
        return 0;
    }

    private static int vcpu(OperationCall call) {
        long vcpu = call.in(1);
        if (vcpu < 0 || vcpu >= TdControl.MAX_VCPUS) {
            throw new IllegalArgumentException("vcpu " + vcpu + " is not in 0..511");
        }
        return (int) vcpu;
    }
}
