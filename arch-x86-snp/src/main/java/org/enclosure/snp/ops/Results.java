package org.enclosure.snp.ops;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.snp.machine.CodeName;
import org.enclosure.snp.machine.FirmwareCode;
import org.enclosure.snp.machine.Outcome;
import org.enclosure.snp.machine.RmpCode;
import org.enclosure.spi.Operation.StatusName;

/// The status values of operations that a guest executes: EAX, or a value above 0xff for what came instead of a result.
final class Results {
    /// The access is good.
    static final long OK = 0;
    /// The host gets a page fault.
    static final long PF = 0x105;
    static final List<StatusName> RMP = names(RmpCode.NAMES);
    static final List<StatusName> FIRMWARE = names(FirmwareCode.NAMES);
    static final List<StatusName> INSTRUCTION = statuses(RMP);
    static final List<StatusName> ACCESS = statuses(List.of(new StatusName("OK", OK)));
    static final List<StatusName> HOST_ACCESS = List.of(new StatusName("OK", OK), new StatusName("PF", PF));
    static final List<StatusName> NONE = List.of(new StatusName("OK", OK));

    private static final long FAULTS = 0x100;

    private Results() {
    }

    /// The status of an outcome: EAX, or 0x101 NPF, 0x102 #VC, 0x103 #GP, 0x104 #UD.
    static long of(long outcome) {
        int kind = Outcome.kind(outcome);
        return kind == Outcome.DONE ? Outcome.eax(outcome) : FAULTS + kind;
    }

    private static List<StatusName> names(List<CodeName> codes) {
        return codes.stream().map(code -> new StatusName(code.name(), code.value())).toList();
    }

    private static List<StatusName> statuses(List<StatusName> first) {
        List<StatusName> all = new ArrayList<>(first);
        all.add(new StatusName("NPF", FAULTS + Outcome.NPF));
        all.add(new StatusName("VC", FAULTS + Outcome.VC));
        all.add(new StatusName("GP", FAULTS + Outcome.GP));
        all.add(new StatusName("UD", FAULTS + Outcome.UD));
        return List.copyOf(all);
    }
}
