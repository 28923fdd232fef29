package org.enclosure.cli.verify.tdx;

import java.util.Map;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.script.MachineOptions;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Machines;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The machine that a file's `conventions.machine` describes: memory up to the end of its TDMR, the TDMR, and where the one TD of a
/// sequence is.
///
/// @param failure what is wrong with the description, told when a case needs it; null if nothing is
record MachineDescription(long tdmrBase, long tdmrBytes, long td, @Nullable String failure) {
    private static final long TDMR_BASE = 0x4000_0000L;
    private static final long TDMR_BYTES = 0x8000_0000L;
    private static final int MAX_PA = 52;

    static MachineDescription of(JsonNode document) {
        JsonNode node = document.path("conventions").path("machine");
        if (node.isMissingNode()) {
            return new MachineDescription(TDMR_BASE, TDMR_BYTES, TDMR_BASE, null);
        }
        try {
            return read(Fields.of("conventions.machine", node));
        } catch (CaseFailure wrong) {
            return new MachineDescription(TDMR_BASE, TDMR_BYTES, TDMR_BASE, String.valueOf(wrong.getMessage()));
        }
    }

    private static MachineDescription read(Fields fields) {
        expect(fields.number("max_pa", MAX_PA) == MAX_PA, "max_pa");
        expect(fields.text("hkid_bits", "51:46").equals("51:46"), "hkid_bits");
        expect(fields.text("private_hkids", "32..63").equals("32..63"), "private_hkids");
        expect(fields.number("global_hkid", 32) == 32, "global_hkid");
        long base = TDMR_BASE;
        long bytes = TDMR_BYTES;
        if (fields.has("tdmr")) {
            Fields tdmr = fields.fields("tdmr");
            base = tdmr.number("base");
            bytes = tdmr.number("size");
            tdmr.nothingElse();
        }
        long td = fields.number("tdr_pa", base);
        fields.nothingElse();
        return new MachineDescription(base, bytes, td, null);
    }

    private static void expect(boolean holds, String name) {
        if (!holds) {
            throw new CaseFailure("conventions.machine '" + name + "' is not one that the plugin has");
        }
    }

    BareMachine open(Machines machines) {
        if (failure != null) {
            throw new CaseFailure(failure);
        }
        return machines.open(new MachineOptions(tdmrBase + tdmrBytes, 0,
                Map.of("tdmr", "0x" + Long.toHexString(tdmrBase) + "+0x" + Long.toHexString(tdmrBytes))));
    }
}
