package org.enclosure.snp.ops;

import static org.enclosure.spi.Operation.Effect.CHANGES;
import static org.enclosure.spi.Operation.Effect.READS;

import java.util.List;
import java.util.stream.Stream;

import org.enclosure.api.Paging;
import org.enclosure.snp.catalog.OperationTable;
import org.enclosure.snp.machine.AccessCheck;
import org.enclosure.snp.machine.HostInstructions;
import org.enclosure.snp.machine.Outcome;
import org.enclosure.snp.machine.SnpMachine;
import org.enclosure.snp.wire.FaultBits;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.snp.wire.RmpState;
import org.enclosure.spi.Operation.StatusName;
import org.enclosure.spi.OperationCall;

/// The instructions on the RMP and the checks of accesses.
final class RmpOperations {
    private static final String APM = "AMD APM volume 3 (instruction pages) and volume 2, 15.36";
    private static final String CHECKS = "AMD APM volume 2, 15.36, tables 15-39 to 15-41";

    private static final List<StatusName> HOST_CODES = Stream.concat(Results.RMP.stream(),
            Stream.of(new StatusName("NOT_EXPECTED", HostInstructions.NOT_EXPECTED))).toList();

    private final SnpMachine machine;

    RmpOperations(SnpMachine machine) {
        this.machine = machine;
    }

    void addTo(OperationTable table) {
        table.field("region_2m", 1, "pages of the 2M region are assigned one by one");
        table.field("access", 5, "bits: 0 read, 1 write, 2 fetch user, 3 fetch supervisor, 4 shadow stack write");
        table.add("RMPUPDATE", CHANGES, "spa assigned large immutable gpa asid in_guest", "", Results.RMP, APM,
                this::rmpupdate);
        table.add("PSMASH", CHANGES, "spa", "", Results.RMP, APM, call -> machine.host().psmash(call.in(0)));
        table.add("RMPREAD", READS, "spa in_guest", "assigned large region_2m immutable gpa asid", Results.RMP, APM,
                this::rmpread);
        table.add("PVALIDATE", CHANGES, "asid vmpl cpl snp gpa npt_spa large validate", "cf info", Results.INSTRUCTION,
                APM, this::pvalidate);
        table.add("RMPADJUST", CHANGES, "asid vmpl cpl snp gpa npt_spa large target_vmpl perms vmsa_page", "info",
                Results.INSTRUCTION, APM, this::rmpadjust);
        table.add("RMPQUERY", READS, "asid vmpl cpl snp gpa npt_spa target_vmpl", "perms vmsa_page large info",
                Results.INSTRUCTION, APM, this::rmpquery);
        table.add("HOST.ASSIGN", CHANGES, "spa gpa large asid", "", HOST_CODES, APM + ": RMPUPDATE of a free page",
                call -> machine.host().assign(call.in(0) >>> Paging.PAGE_SHIFT, call.in(1), call.in(2) != 0,
                        call.in(3)));
        table.add("HOST.RELEASE", CHANGES, "spa large asid", "", HOST_CODES, APM + ": RMPUPDATE of a guest's page",
                call -> machine.host().release(call.in(0) >>> Paging.PAGE_SHIFT, call.in(1) != 0, call.in(2)));
        table.field("vmcb_spa", 52, "system physical address of the control block");
        table.add("VMRUN", CHANGES, "asid vmcb_spa spa", "info", Results.INSTRUCTION,
                APM + "; spa is the page with the vCPU's state", this::vmrun);
        table.add("GUEST.ACCESS", READS, "asid vmpl snp gpa npt_spa npt_large access c_bit", "info", Results.ACCESS,
                CHECKS, this::guestAccess);
        table.add("HOST.WRITE", READS, "spa huge", "info", Results.HOST_ACCESS, CHECKS, this::hostWrite);
        table.add("HOST.READ64", READS, "spa", "value", Results.NONE, CHECKS + ": reads are never checked",
                this::read64);
        table.add("HOST.WRITE64", CHANGES, "spa value", "info", Results.HOST_ACCESS, CHECKS, this::write64);
    }

    private long rmpupdate(OperationCall call) {
        long high = RmpState.high(call.in(1) != 0, call.in(2) != 0, false, call.in(3) != 0, call.in(5));
        return machine.host().rmpupdate(call.in(0), call.in(4), high, call.in(6) != 0);
    }

    private long rmpread(OperationCall call) {
        long[] state = new long[2];
        int code = machine.host().rmpread(call.in(0), call.in(1) != 0, state);
        call.out(0, RmpState.isAssigned(state[1]) ? 1 : 0);
        call.out(1, RmpState.isLarge(state[1]) ? 1 : 0);
        call.out(2, RmpState.isMixedRegion(state[1]) ? 1 : 0);
        call.out(3, RmpState.isImmutable(state[1]) ? 1 : 0);
        call.out(4, state[0]);
        call.out(5, RmpState.asid(state[1]));
        return code;
    }

    private long pvalidate(OperationCall call) {
        long outcome = refusal(call, true);
        if (outcome == Outcome.OK) {
            outcome = machine.guest().pvalidate(call.in(0), call.in(4), call.in(5), call.in(6) != 0, call.in(7) != 0);
        }
        call.out(0, Outcome.kind(outcome) == Outcome.DONE && Outcome.carry(outcome) ? 1 : 0);
        call.out(1, info(outcome));
        return Results.of(outcome);
    }

    private long rmpadjust(OperationCall call) {
        long outcome = refusal(call, false);
        if (outcome == Outcome.OK) {
            outcome = machine.guest().rmpadjust(call.in(0), (int) call.in(1), call.in(4), call.in(5), call.in(6) != 0,
                    (int) call.in(7), call.in(8), call.in(9) != 0);
        }
        call.out(0, info(outcome));
        return Results.of(outcome);
    }

    private long rmpquery(OperationCall call) {
        long[] found = new long[3];
        long outcome = refusal(call, false);
        if (outcome == Outcome.OK) {
            outcome = machine.guest().rmpquery(call.in(0), (int) call.in(1), call.in(4), call.in(5), (int) call.in(6),
                    found);
        }
        for (int i = 0; i < found.length; i++) {
            call.out(i, found[i]);
        }
        call.out(found.length, info(outcome));
        return Results.of(outcome);
    }

    private long refusal(OperationCall call, boolean vmplZero) {
        return machine.guest().refusal((int) call.in(1), (int) call.in(2), call.in(3) != 0, vmplZero);
    }

    private long vmrun(OperationCall call) {
        long outcome = machine.vcpus().vmrun(call.in(0), call.in(1), call.in(2));
        call.out(0, info(outcome));
        return Results.of(outcome);
    }

    private long guestAccess(OperationCall call) {
        long gpa = call.in(3);
        long spa = call.in(4);
        boolean large = call.in(5) != 0;
        int access = (int) call.in(6);
        AccessCheck check = machine.access();
        boolean isPrivate = call.in(2) != 0 && (call.in(7) != 0 || AccessCheck.isForcedPrivate(access));
        long outcome = isPrivate ? check.guestPrivate(call.in(0), (int) call.in(1), gpa, spa, large, access)
                : check.guestShared(spa, large, access);
        call.out(0, Outcome.kind(outcome) == Outcome.NPF ? AccessCheck.exitInfo(outcome, access) : info(outcome));
        return Results.of(outcome);
    }

    private long hostWrite(OperationCall call) {
        boolean isFree = machine.access().isHypervisor(call.in(0), call.in(1) != 0);
        call.out(0, isFree ? 0 : FaultBits.RMP | FaultBits.W | FaultBits.P);
        return isFree ? Results.OK : Results.PF;
    }

    private long read64(OperationCall call) {
        long spa = word(call);
        long asid = RmpEntry.asid(machine.rmp().lo(spa >>> Paging.PAGE_SHIFT));
        call.out(0, asid == 0 ? machine.keys().readWithoutKey(spa) : machine.readWithoutKey(spa, asid));
        return Results.OK;
    }

    private long write64(OperationCall call) {
        long spa = word(call);
        boolean isFree = machine.access().isHypervisor(spa, false);
        call.out(0, isFree ? 0 : FaultBits.RMP | FaultBits.W | FaultBits.P);
        if (isFree) {
            machine.keys().expose(spa >>> Paging.PAGE_SHIFT);
            machine.memory().putLong(spa, call.in(1));
        }
        return isFree ? Results.OK : Results.PF;
    }

    private long word(OperationCall call) {
        long spa = call.in(0);
        if ((spa & Long.BYTES - 1) != 0 || !machine.memory().contains(spa, Long.BYTES)) {
            throw new IllegalArgumentException("spa 0x" + Long.toHexString(spa) + " is no aligned word of memory");
        }
        return spa;
    }

    private static long info(long outcome) {
        return Outcome.kind(outcome) == Outcome.DONE ? 0 : Outcome.payload(outcome);
    }
}
