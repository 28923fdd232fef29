package org.enclosure.snp.ops;

import static org.enclosure.spi.Operation.Effect.CHANGES;
import static org.enclosure.spi.Operation.Effect.READS;
import static org.enclosure.spi.Operation.Effect.TEST;

import org.enclosure.api.Paging;
import org.enclosure.snp.catalog.OperationTable;
import org.enclosure.snp.machine.SnpMachine;
import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.spi.Operation.StatusName;
import org.enclosure.spi.OperationCall;

/// White-box state: read by STATE, forced by TEST.
final class StateOperations {
    private static final String INSPECTION = "inspection";
    private static final String KEYS = "AMD APM volume 2, 15.34: memory encryption without an RMP";
    private static final long REGION_MASK = (Paging.PAGES_PER_2M << Paging.PAGE_SHIFT) - 1;

    private final SnpMachine machine;

    StateOperations(SnpMachine machine) {
        this.machine = machine;
    }

    void addTo(OperationTable table) {
        table.field("page_state", 4, "number of the page's state: " + String.join(", ", PageState.NAMES) + " from 0");
        table.field("state_name", 0, "name of the page's state");
        table.field("page_spa", 52, "address of the page whose entry counts: the first of a 2M page");
        table.field("perms1", 8, "permissions of VMPL 1");
        table.field("perms2", 8, "permissions of VMPL 2");
        table.field("perms3", 8, "permissions of VMPL 3");
        table.field("in_use", 1, "a running vCPU or the firmware uses the page");
        table.add("STATE.RMP", READS, "spa",
                "state_name page_state assigned large immutable gpa asid vmsa_page validated perms1 perms2 perms3 in_use "
                        + "page_spa lo hi",
                java.util.List.of(new StatusName("OK", 0), new StatusName("NOT_COVERED", 1)), INSPECTION, this::entry);
        table.add("TEST.SET_ENTRY", TEST, "spa lo hi", "", Results.RMP, INSPECTION,
                call -> machine.forceEntry(call.in(0), call.in(1), call.in(2)));
        table.add("TEST.MARK_IN_USE", TEST, "spa", "", Results.RMP, "AMD APM volume 2, 15.36: VMRUN",
                call -> machine.vcpus().use(call.in(0), true));
        table.add("TEST.CLEAR_IN_USE", TEST, "spa", "", Results.RMP, "AMD APM volume 2, 15.36: #VMEXIT",
                call -> machine.vcpus().use(call.in(0), false));
        table.field("gfn_page", 52, "guest page that a page is given out for");
        table.field("fresh", 64, "pages that were not given out to the guest before; -1 if one is somebody else's");
        table.add("SEV.KEY.TAKE", CHANGES, "spa pages_4k gfn_page asid", "fresh", Results.NONE, KEYS, call -> {
            call.out(0, machine.keys().take(call.in(0) >>> Paging.PAGE_SHIFT, call.in(1), call.in(2),
                    (int) call.in(3)));
            return Results.OK;
        });
        table.add("SEV.KEY.LEAVE", CHANGES, "spa pages_4k asid", "fresh", Results.NONE, KEYS, call -> {
            call.out(0, machine.keys().leave(call.in(0) >>> Paging.PAGE_SHIFT, call.in(1), (int) call.in(2)));
            return Results.OK;
        });
        table.field("looked", 1, "0 while another CPU turns the page's bytes");
        table.add("SEV.KEY.LOOK", CHANGES, "spa", "looked", Results.NONE, KEYS, call -> {
            call.out(0, machine.keys().lookAgain(call.in(0) >>> Paging.PAGE_SHIFT) ? 1 : 0);
            return Results.OK;
        });
        table.add("SEV.KEY.EXPOSE", CHANGES, "spa", "", Results.NONE, KEYS, call -> {
            machine.keys().expose(call.in(0) >>> Paging.PAGE_SHIFT);
            return Results.OK;
        });
        table.add("STATE.SEV_KEY", READS, "spa", "asid", Results.NONE, INSPECTION, call -> {
            call.out(0, machine.keys().key(call.in(0) >>> Paging.PAGE_SHIFT));
            return Results.OK;
        });
    }

    /// The entry that counts; one that is not assigned is shown as 4K with address 0.
    private long entry(OperationCall call) {
        long spa = call.in(0);
        long pfn = spa >>> Paging.PAGE_SHIFT;
        boolean isCovered = machine.rmp().covers(pfn);
        long lo = isCovered ? machine.rmp().lo(pfn) : 0;
        long hi = isCovered ? machine.rmp().hi(pfn) : 0;
        boolean isLarge = (lo & RmpEntry.LARGE) != 0;
        int state = isCovered ? PageState.of(lo) : PageState.DEFAULT;
        call.outBytes(0, PageState.NAMES.get(state).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        long[] values = {state, bit(lo, RmpEntry.ASSIGNED), bit(lo, RmpEntry.LARGE), bit(lo, RmpEntry.IMMUTABLE),
                RmpEntry.gpa(lo), RmpEntry.asid(lo), bit(lo, RmpEntry.VMSA), bit(lo, RmpEntry.VALIDATED),
                RmpEntry.permissions(hi, 1), RmpEntry.permissions(hi, 2), RmpEntry.permissions(hi, 3),
                bit(lo, RmpEntry.LOCK), isLarge ? spa & ~REGION_MASK : spa & ~Paging.PAGE_MASK, lo, hi};
        for (int i = 0; i < values.length; i++) {
            call.out(i + 1, values[i]);
        }
        return isCovered ? 0 : 1;
    }

    private static long bit(long word, long mask) {
        return (word & mask) != 0 ? 1 : 0;
    }
}
