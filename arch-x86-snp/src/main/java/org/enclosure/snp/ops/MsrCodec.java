package org.enclosure.snp.ops;

import static org.enclosure.spi.Operation.Effect.READS;

import org.enclosure.snp.catalog.OperationTable;
import org.enclosure.snp.wire.GhcbMsr;
import org.enclosure.spi.OperationCall;

/// Values of the GHCB MSR, both ways.
final class MsrCodec {
    private static final String FIELDS = "min max cbit fn reg val gfn op error vmpl_run features set reason ghcb_gpa result";
    private static final int MIN = 1;
    private static final int MAX = 2;
    private static final int CBIT = 3;
    private static final int FN = 4;
    private static final int REG = 5;
    private static final int VAL = 6;
    private static final int GFN = 7;
    private static final int OP = 8;
    private static final int ERROR = 9;
    private static final int VMPL = 10;
    private static final int FEATURES = 11;
    private static final int SET = 12;
    private static final int REASON = 13;
    private static final int GPA = 14;
    private static final int RESULT = 15;

    private MsrCodec() {
    }

    static void addTo(OperationTable table) {
        table.field("msr_info", 12, "what the value is: bits 11:0, 0 for an address");
        table.field("min", 16, "lowest protocol version");
        table.field("max", 16, "highest protocol version");
        table.field("cbit", 8, "position of the C-bit");
        table.field("fn", 32, "CPUID function");
        table.field("reg", 2, "0 EAX, 1 EBX, 2 ECX, 3 EDX");
        table.field("val", 32, "value of the CPUID register");
        table.field("gfn", 52, "guest page; all ones for none or refused");
        table.field("op", 4, "1 private, 2 shared");
        table.field("error", 32, "0 for success");
        table.field("vmpl_run", 8, "privilege level to run");
        table.field("features", 52, "features of the hypervisor");
        table.field("set", 4, "set of the reason");
        table.field("reason", 8, "why the guest ends");
        table.field("ghcb_gpa", 64, "address of the GHCB");
        table.field("result", 52, "not 0 = the vCPU was woken");
        table.add("GHCB.MSR.ENCODE", READS, "msr_info " + FIELDS, "value", Results.NONE,
                "GHCB specification, MSR protocol",
                call -> {
                    call.out(0, encode(call));
                    return Results.OK;
                });
        table.add("GHCB.MSR.DECODE", READS, "value", "msr_info " + FIELDS, Results.NONE,
                "GHCB specification, MSR protocol", MsrCodec::decode);
    }

    private static long encode(OperationCall call) {
        int info = (int) call.in(0);
        return switch (info) {
            case 0 -> call.in(GPA);
            case GhcbMsr.SEV_INFO_RESPONSE -> GhcbMsr.sevInfo(call.in(MAX), call.in(MIN), call.in(CBIT));
            case GhcbMsr.CPUID_REQUEST -> GhcbMsr.cpuid(info, call.in(FN), call.in(REG));
            case GhcbMsr.CPUID_RESPONSE -> GhcbMsr.cpuid(info, call.in(VAL), call.in(REG));
            case GhcbMsr.AP_RESET_HOLD_RESPONSE -> GhcbMsr.of(info, call.in(RESULT));
            case GhcbMsr.PREFERRED_GPA_RESPONSE, GhcbMsr.REGISTER_REQUEST, GhcbMsr.REGISTER_RESPONSE ->
                GhcbMsr.of(info, call.in(GFN));
            case GhcbMsr.PSC_REQUEST -> GhcbMsr.psc(call.in(GFN), call.in(OP));
            case GhcbMsr.PSC_RESPONSE, GhcbMsr.RUN_VMPL_RESPONSE -> GhcbMsr.ofUpper(info, call.in(ERROR));
            case GhcbMsr.RUN_VMPL_REQUEST -> GhcbMsr.runVmpl(call.in(VMPL));
            case GhcbMsr.FEATURES_RESPONSE -> GhcbMsr.of(info, call.in(FEATURES));
            case GhcbMsr.TERMINATE -> GhcbMsr.terminate(call.in(SET), call.in(REASON));
            default -> info;
        };
    }

    private static long decode(OperationCall call) {
        long value = call.in(0);
        int info = GhcbMsr.info(value);
        for (int i = MIN; i <= RESULT; i++) {
            call.out(i, 0);
        }
        call.out(0, info);
        switch (info) {
            case 0 -> call.out(GPA, value);
            case GhcbMsr.SEV_INFO_RESPONSE -> {
                call.out(MIN, GhcbMsr.min(value));
                call.out(MAX, GhcbMsr.max(value));
                call.out(CBIT, GhcbMsr.cBit(value));
            }
            case GhcbMsr.CPUID_REQUEST, GhcbMsr.CPUID_RESPONSE -> {
                call.out(info == GhcbMsr.CPUID_REQUEST ? FN : VAL, GhcbMsr.upper(value));
                call.out(REG, GhcbMsr.register(value));
            }
            case GhcbMsr.AP_RESET_HOLD_RESPONSE -> call.out(RESULT, GhcbMsr.data(value));
            case GhcbMsr.PREFERRED_GPA_RESPONSE, GhcbMsr.REGISTER_REQUEST, GhcbMsr.REGISTER_RESPONSE ->
                call.out(GFN, GhcbMsr.data(value));
            case GhcbMsr.PSC_REQUEST -> {
                call.out(GFN, GhcbMsr.pscGfn(value));
                call.out(OP, GhcbMsr.pscOperation(value));
            }
            default -> decodeMore(call, info, value);
        }
        return Results.OK;
    }

    private static void decodeMore(OperationCall call, int info, long value) {
        switch (info) {
            case GhcbMsr.PSC_RESPONSE, GhcbMsr.RUN_VMPL_RESPONSE -> call.out(ERROR, GhcbMsr.upper(value));
            case GhcbMsr.RUN_VMPL_REQUEST -> call.out(VMPL, GhcbMsr.vmpl(value));
            case GhcbMsr.FEATURES_RESPONSE -> call.out(FEATURES, GhcbMsr.data(value));
            case GhcbMsr.TERMINATE -> {
                call.out(SET, GhcbMsr.terminateSet(value));
                call.out(REASON, GhcbMsr.terminateReason(value));
            }
            default -> {
                // The other kinds carry nothing.
            }
        }
    }
}
