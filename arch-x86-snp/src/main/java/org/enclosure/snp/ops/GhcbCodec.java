package org.enclosure.snp.ops;

import static org.enclosure.spi.Operation.Effect.READS;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.enclosure.api.Paging;
import org.enclosure.snp.catalog.OperationTable;
import org.enclosure.snp.wire.Ghcb;
import org.enclosure.snp.wire.PscEntry;
import org.enclosure.spi.OperationCall;

/// The GHCB page and the header of a page state change, both ways.
final class GhcbCodec {
    private static final String GHCB = "GHCB specification, GHCB layout";
    private static final int PAGE = (int) Paging.PAGE_SIZE;

    private GhcbCodec() {
    }

    static void addTo(OperationTable table) {
        table.field("ghcb_page", 0, "the page, 4096 bytes, or nothing for zeroes");
        table.field("ghcb_page_out", 0, "the page afterwards");
        table.field("exit_code", 64, "event");
        table.field("exit_info1", 64, "SW_EXITINFO1");
        table.field("exit_info2", 64, "SW_EXITINFO2");
        table.field("scratch", 64, "SW_SCRATCH");
        table.field("is_valid", 1, "event, SW_EXITINFO1 and SW_EXITINFO2 are marked valid");
        table.field("cur_entry", 16, "next entry");
        table.field("end_entry", 16, "last entry");
        table.field("psc_reserved", 32, "reserved half of the header");
        table.field("max_entries", 32, "entries that fit behind the header");
        table.field("buffer_offset", 12, "where in the GHCB page the header is");
        table.add("GHCB.PAGE.REQUEST", READS, "ghcb_page exit_code exit_info1 exit_info2 scratch", "ghcb_page_out",
                Results.NONE, GHCB, GhcbCodec::request);
        table.add("GHCB.PAGE.ANSWER", READS, "ghcb_page exit_info1 exit_info2", "ghcb_page_out", Results.NONE, GHCB,
                GhcbCodec::answer);
        table.add("GHCB.PAGE.DECODE", READS, "ghcb_page", "exit_code exit_info1 exit_info2 scratch is_valid",
                Results.NONE, GHCB, GhcbCodec::decode);
        table.add("PSC.HEADER.ENCODE", READS, "cur_entry end_entry psc_reserved", "value", Results.NONE, GHCB, call -> {
            call.out(0, PscEntry.header((int) call.in(0), (int) call.in(1), call.in(2)));
            return Results.OK;
        });
        table.add("PSC.HEADER.DECODE", READS, "value", "cur_entry end_entry psc_reserved", Results.NONE, GHCB, call -> {
            call.out(0, PscEntry.current(call.in(0)));
            call.out(1, PscEntry.end(call.in(0)));
            call.out(2, PscEntry.headerReserved(call.in(0)));
            return Results.OK;
        });
        table.add("PSC.OFFSET", READS, "max_entries", "buffer_offset", Results.NONE,
                GHCB + ": the last offset at which so many entries fit into the shared buffer", call -> {
                    call.out(0, Ghcb.SHARED_BUFFER_END - PscEntry.HEADER_BYTES - call.in(0) * Long.BYTES);
                    return Results.OK;
                });
    }

    private static long request(OperationCall call) {
        byte[] bytes = bytes(call);
        ByteBuffer page = page(bytes);
        clear(page);
        set(page, Ghcb.EXIT_CODE, call.in(1));
        set(page, Ghcb.EXIT_INFO_1, call.in(2));
        set(page, Ghcb.EXIT_INFO_2, call.in(3));
        set(page, Ghcb.SCRATCH, call.in(4));
        call.outBytes(0, bytes);
        return Results.OK;
    }

    private static long answer(OperationCall call) {
        byte[] bytes = bytes(call);
        ByteBuffer page = page(bytes);
        clear(page);
        set(page, Ghcb.EXIT_INFO_1, call.in(1));
        set(page, Ghcb.EXIT_INFO_2, call.in(2));
        call.outBytes(0, bytes);
        return Results.OK;
    }

    private static long decode(OperationCall call) {
        ByteBuffer page = page(bytes(call));
        long low = page.getLong(Ghcb.VALID_BITMAP);
        long high = page.getLong(Ghcb.VALID_BITMAP + Long.BYTES);
        call.out(0, page.getLong(Ghcb.EXIT_CODE));
        call.out(1, page.getLong(Ghcb.EXIT_INFO_1));
        call.out(2, page.getLong(Ghcb.EXIT_INFO_2));
        call.out(3, page.getLong(Ghcb.SCRATCH));
        boolean isValid = Ghcb.isValid(low, high, Ghcb.EXIT_CODE) && Ghcb.isValid(low, high, Ghcb.EXIT_INFO_1)
                && Ghcb.isValid(low, high, Ghcb.EXIT_INFO_2);
        call.out(4, isValid ? 1 : 0);
        return Results.OK;
    }

    private static byte[] bytes(OperationCall call) {
        byte[] given = call.inBytes(0);
        if (given.length != PAGE && given.length != 0) {
            throw new IllegalArgumentException("a GHCB page has 4096 bytes, not " + given.length);
        }
        return given.length == 0 ? new byte[PAGE] : given.clone();
    }

    private static ByteBuffer page(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void clear(ByteBuffer page) {
        page.putLong(Ghcb.VALID_BITMAP, 0).putLong(Ghcb.VALID_BITMAP + Long.BYTES, 0);
    }

    private static void set(ByteBuffer page, int offset, long value) {
        int word = Ghcb.bitmapWord(offset);
        page.putLong(offset, value).putLong(word, page.getLong(word) | Ghcb.bitmapBit(offset));
    }
}
