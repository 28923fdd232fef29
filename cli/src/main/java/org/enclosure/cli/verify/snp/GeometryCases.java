package org.enclosure.cli.verify.snp;

import java.util.List;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Numbers;
import org.enclosure.cli.verify.Operations;
import tools.jackson.databind.JsonNode;

/// Where the entry of a page lies.
final class GeometryCases {
    private static final int MAX_SEGMENTS = 512;

    private GeometryCases() {
    }

    /// An RMP in one piece.
    static void contiguous(Fields fields, Operations operations) {
        Invocation call = operations.call("RMP.GEOMETRY").in("rmp_base", fields.number("rmp_base")).in("rmp_end",
                fields.number("rmp_end"));
        call.invoke();
        Compare.number("RMP.GEOMETRY", "entries", fields.number("entries"), call.out("entries"));
        Compare.number("RMP.GEOMETRY", "covered_bytes", fields.number("covered_bytes"), call.out("covered_bytes"));
        lookups(fields, call);
    }

    /// An RMP in segments.
    static void segmented(Fields fields, Operations operations) {
        long shift = fields.number("segment_shift");
        long base = fields.number("rmp_base");
        Invocation call = operations.call("RMP.SEGMENT.LOOKUP").in("rmp_base", base).in("segment_shift", shift)
                .in("segment_table", CodecCases.table(segments(fields.list("rst"), shift, operations)));
        lookups(fields, call);
        call.invoke();
        Compare.number("RMP.SEGMENT.LOOKUP", "rst_addr", fields.number("rst_addr"), call.out("rst_addr"));
        bookkeeping(fields, base, call.out("rst_addr"));
    }

    /// It lies between the base and the table of segments.
    private static void bookkeeping(Fields fields, long base, long table) {
        if (fields.has("bookkeeping")) {
            List<JsonNode> range = fields.list("bookkeeping");
            if (range.size() != 2) {
                throw new CaseFailure("'bookkeeping' is not a first and a last address");
            }
            Compare.number("RMP.SEGMENT.LOOKUP", "bookkeeping", Numbers.parse("bookkeeping", range.getFirst()), base);
            Compare.number("RMP.SEGMENT.LOOKUP", "bookkeeping", Numbers.parse("bookkeeping", range.getLast()),
                    table - 1);
        }
    }

    private static long[] segments(List<JsonNode> rows, long shift, Operations operations) {
        long[] words = new long[MAX_SEGMENTS];
        for (JsonNode row : rows) {
            Fields segment = Fields.of("a row of 'rst'", row);
            Invocation call = operations.call("RMP.SEGMENT").in("segment_base", segment.number("segment_rmp_base"))
                    .in("segment_gib", segment.number("covered_gb")).in("segment_shift", shift);
            call.invoke();
            long index = segment.number("index");
            if (index < 0 || index >= MAX_SEGMENTS) {
                throw new CaseFailure("'index' " + index + " is not legal; legal: 0 to " + (MAX_SEGMENTS - 1));
            }
            String place = "RMP.SEGMENT " + index;
            Compare.number(place, "raw", segment.number("raw"), call.out("segment_word"));
            Compare.number(place, "segment_rmp_bytes", segment.number("segment_rmp_bytes"), call.out("segment_bytes"));
            Compare.number(place, "segment_rmp_base", segment.number("segment_rmp_base"), call.out("segment_base_out"));
            Compare.number(place, "covered_gb", segment.number("covered_gb"), call.out("segment_gib_out"));
            words[(int) index] = segment.number("raw");
            segment.nothingElse();
        }
        return words;
    }

    private static void lookups(Fields fields, Invocation call) {
        for (JsonNode node : fields.list("lookups")) {
            Fields lookup = Fields.of("a lookup", node);
            long spa = lookup.number("spa");
            call.in("spa", spa).invoke();
            String place = call.operation().name() + " of " + Numbers.show(spa);
            if (lookup.has("segment")) {
                Compare.number(place, "segment", lookup.number("segment"), call.out("segment_index"));
            }
            Compare.number(place, "covered", lookup.flag("covered") ? 1 : 0, call.out("covered"));
            String expected = lookup.node("entry_addr").isNull() ? "none" : Numbers.show(lookup.number("entry_addr"));
            String actual = call.out("covered") == 0 ? "none" : Numbers.show(call.out("entry_addr"));
            Compare.text(place, "entry_addr", expected, actual);
            lookup.nothingElse();
        }
    }
}
