package org.enclosure.snp.ops;

import static org.enclosure.spi.Operation.Effect.READS;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.enclosure.snp.catalog.OperationTable;
import org.enclosure.snp.wire.FaultBits;
import org.enclosure.snp.wire.PageState;
import org.enclosure.snp.wire.PscEntry;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.snp.wire.RmpGeometry;
import org.enclosure.snp.wire.RmpState;
import org.enclosure.spi.OperationCall;

/// Layouts, both ways, without a machine.
final class CodecOperations {
    private static final String APM = "AMD APM volume 2, 15.36";
    private static final String GHCB = "GHCB specification";
    private static final int ENTRY_BYTES = 16;
    private static final String ENTRY = "assigned large immutable sub_pages gpa asid vmsa_page validated lock perms0 perms1 "
            + "perms2 perms3";

    private CodecOperations() {
    }

    static void addTo(OperationTable table) {
        fields(table);
        table.add("RMP.ENCODE", READS, ENTRY, "lo hi entry_bytes state_name", Results.NONE, APM,
                CodecOperations::encodeEntry);
        table.add("RMP.DECODE", READS, "entry_bytes", ENTRY + " lo hi state_name", Results.NONE, APM,
                CodecOperations::decodeEntry);
        table.add("RMP.STATE.ENCODE", READS, "assigned large region_2m immutable gpa asid", "state_bytes", Results.NONE,
                APM, CodecOperations::encodeState);
        table.add("RMP.STATE.DECODE", READS, "state_bytes", "assigned large region_2m immutable gpa asid", Results.NONE,
                APM, CodecOperations::decodeState);
        table.add("RMP.GEOMETRY", READS, "rmp_base rmp_end spa", "entries covered_bytes covered entry_addr",
                Results.NONE,
                APM, CodecOperations::geometry);
        table.add("RMP.SEGMENT", READS, "segment_base segment_gib segment_shift",
                "segment_word segment_bytes segment_base_out segment_gib_out", Results.NONE, APM,
                CodecOperations::segment);
        table.add("RMP.SEGMENT.LOOKUP", READS, "rmp_base segment_shift segment_table spa",
                "rst_addr segment_index covered entry_addr", Results.NONE, APM, CodecOperations::segmentLookup);
        table.add("PSC.ENTRY.ENCODE", READS, "cur_page gfn40 psc_op large rsvd", "value", Results.NONE, GHCB, call -> {
            call.out(0, PscEntry.of(call.in(0), call.in(1), call.in(2), call.in(3) != 0, call.in(4)));
            return Results.OK;
        });
        table.add("PSC.ENTRY.DECODE", READS, "value", "cur_page gfn40 psc_op large rsvd", Results.NONE, GHCB,
                CodecOperations::decodePsc);
        table.add("FAULT.BITS", READS, "bit_name", "bit_number", Results.NONE, APM, CodecOperations::bit);
        table.add("FAULT.NAMES", READS, "value", "bit_names", Results.NONE, APM, CodecOperations::bitNames);
        MsrCodec.addTo(table);
        GhcbCodec.addTo(table);
    }

    private static void fields(OperationTable table) {
        table.field("sub_pages", 9, "assigned 4K pages of the region, the first left out");
        table.field("lock", 1, "the page is in use");
        table.field("perms0", 8, "permissions of VMPL 0");
        table.field("entry_bytes", 0, "an RMP entry, 16 bytes");
        table.field("state_bytes", 0, "what RMPUPDATE takes, 16 bytes");
        table.field("rmp_base", 52, "RMP_BASE");
        table.field("rmp_end", 52, "RMP_END, the last byte");
        table.field("entries", 64, "how many pages have an entry");
        table.field("covered_bytes", 64, "how much memory that is");
        table.field("covered", 1, "the page has an entry");
        table.field("entry_addr", 64, "where the entry lies; -1 if there is none");
        table.field("segment_base", 52, "address of a segment's entries");
        table.field("segment_gib", 20, "GiB that a segment covers; 0 = absent");
        table.field("segment_shift", 6, "log2 of the memory of one segment");
        table.field("segment_word", 64, "word of the segment table");
        table.field("segment_bytes", 64, "bytes of entries of the segment");
        table.field("segment_base_out", 52, "address of the entries, read back from the word");
        table.field("segment_gib_out", 20, "GiB covered, read back from the word");
        table.field("segment_table", 0, "words of the segment table from the first, 8 bytes each");
        table.field("segment_index", 64, "number of the segment of the address");
        table.field("rst_addr", 64, "where the segment table lies");
        table.field("cur_page", 12, "4K pages of the entry that are done");
        table.field("gfn40", 40, "guest page");
        table.field("psc_op", 4, "1 private, 2 shared, 3 smash, 4 unsmash");
        table.field("rsvd", 7, "reserved bits");
        table.field("bit_name", 0, "name of a bit of EXITINFO1 or of a page fault's error code");
        table.field("bit_number", 64, "its number, -1 if the name is not known");
        table.field("bit_names", 0, "names of the bits that are set, separated by spaces; ? for one that has no name");
    }

    private static long encodeEntry(OperationCall call) {
        long flags = flag(call, 0, RmpEntry.ASSIGNED) | flag(call, 1, RmpEntry.LARGE)
                | flag(call, 2, RmpEntry.IMMUTABLE)
                | flag(call, 6, RmpEntry.VMSA) | flag(call, 7, RmpEntry.VALIDATED) | flag(call, 8, RmpEntry.LOCK);
        long lo = RmpEntry.of(flags, call.in(4), call.in(5), call.in(3));
        long hi = 0;
        for (int vmpl = 0; vmpl < RmpEntry.LEVELS; vmpl++) {
            hi = RmpEntry.withPermissions(hi, vmpl, call.in(9 + vmpl));
        }
        call.out(0, lo);
        call.out(1, hi);
        call.outBytes(2, bytes(lo, hi));
        call.outBytes(3, stateName(lo));
        return Results.OK;
    }

    private static long decodeEntry(OperationCall call) {
        ByteBuffer entry = words(call.inBytes(0), ENTRY_BYTES);
        long lo = entry.getLong(0);
        long hi = entry.getLong(Long.BYTES);
        long[] values = {bit(lo, RmpEntry.ASSIGNED), bit(lo, RmpEntry.LARGE), bit(lo, RmpEntry.IMMUTABLE),
                RmpEntry.count(lo), RmpEntry.gpa(lo), RmpEntry.asid(lo), bit(lo, RmpEntry.VMSA),
                bit(lo, RmpEntry.VALIDATED), bit(lo, RmpEntry.LOCK), RmpEntry.permissions(hi, 0),
                RmpEntry.permissions(hi, 1), RmpEntry.permissions(hi, 2), RmpEntry.permissions(hi, 3), lo, hi};
        for (int i = 0; i < values.length; i++) {
            call.out(i, values[i]);
        }
        call.outBytes(values.length, stateName(lo));
        return Results.OK;
    }

    private static long encodeState(OperationCall call) {
        call.outBytes(0, bytes(call.in(4), RmpState.high(call.in(0) != 0, call.in(1) != 0, call.in(2) != 0,
                call.in(3) != 0, call.in(5))));
        return Results.OK;
    }

    private static long decodeState(OperationCall call) {
        ByteBuffer state = words(call.inBytes(0), ENTRY_BYTES);
        long high = state.getLong(Long.BYTES);
        call.out(0, RmpState.isAssigned(high) ? 1 : 0);
        call.out(1, RmpState.isLarge(high) ? 1 : 0);
        call.out(2, RmpState.isMixedRegion(high) ? 1 : 0);
        call.out(3, RmpState.isImmutable(high) ? 1 : 0);
        call.out(4, state.getLong(0));
        call.out(5, RmpState.asid(high));
        return Results.OK;
    }

    private static long geometry(OperationCall call) {
        RmpGeometry geometry = RmpGeometry.contiguous(call.in(0), call.in(1));
        long address = geometry.entryAddress(call.in(2));
        call.out(0, geometry.entries());
        call.out(1, geometry.entries() << 12);
        call.out(2, address == RmpGeometry.NOT_COVERED ? 0 : 1);
        call.out(3, address);
        return Results.OK;
    }

    private static long segment(OperationCall call) {
        long word = RmpGeometry.segment(call.in(0), call.in(1));
        call.out(0, word);
        call.out(1, RmpGeometry.segmentBytes(word, (int) call.in(2)));
        call.out(2, RmpGeometry.segmentBase(word));
        call.out(3, RmpGeometry.segmentGib(word));
        return Results.OK;
    }

    private static long segmentLookup(OperationCall call) {
        ByteBuffer table = ByteBuffer.wrap(call.inBytes(2)).order(ByteOrder.LITTLE_ENDIAN);
        long[] segments = new long[table.remaining() / Long.BYTES];
        table.asLongBuffer().get(segments);
        RmpGeometry geometry = RmpGeometry.segmented(call.in(0), (int) call.in(1), segments);
        long address = geometry.entryAddress(call.in(3));
        call.out(0, geometry.segmentTable());
        call.out(1, geometry.segmentIndex(call.in(3)));
        call.out(2, address == RmpGeometry.NOT_COVERED ? 0 : 1);
        call.out(3, address);
        return Results.OK;
    }

    private static long decodePsc(OperationCall call) {
        long entry = call.in(0);
        call.out(0, PscEntry.curPage(entry));
        call.out(1, PscEntry.gfn(entry));
        call.out(2, PscEntry.operation(entry));
        call.out(3, PscEntry.isLarge(entry) ? 1 : 0);
        call.out(4, PscEntry.reserved(entry));
        return Results.OK;
    }

    private static long bit(OperationCall call) {
        call.out(0, FaultBits.bit(new String(call.inBytes(0), StandardCharsets.US_ASCII)));
        return Results.OK;
    }

    private static long bitNames(OperationCall call) {
        StringBuilder names = new StringBuilder();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((call.in(0) >>> bit & 1) != 0) {
                names.append(names.isEmpty() ? "" : " ").append(FaultBits.name(bit));
            }
        }
        call.outBytes(0, names.toString().getBytes(StandardCharsets.US_ASCII));
        return Results.OK;
    }

    private static ByteBuffer words(byte[] bytes, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(bytes.length + " bytes are given; legal is " + length);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(long low, long high) {
        return ByteBuffer.allocate(ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(low).putLong(high).array();
    }

    private static byte[] stateName(long lo) {
        return PageState.NAMES.get(PageState.of(lo)).getBytes(StandardCharsets.US_ASCII);
    }

    private static long flag(OperationCall call, int operand, long bit) {
        return call.in(operand) != 0 ? bit : 0;
    }

    private static long bit(long word, long mask) {
        return (word & mask) != 0 ? 1 : 0;
    }
}
