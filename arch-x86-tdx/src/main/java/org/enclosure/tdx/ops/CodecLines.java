package org.enclosure.tdx.ops;

import static org.enclosure.spi.Operation.Effect.READS;
import static org.enclosure.spi.Operation.Effect.TEST;

import java.util.List;

import org.enclosure.spi.Operation.StatusName;
import org.enclosure.spi.OperationCall;
import org.enclosure.tdx.launch.TdvfImage;
import org.enclosure.tdx.launch.TdvfSection;
import org.enclosure.tdx.wire.MrtdStream;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.TdxStatus;

/// Encodings and digests without a TD: status words, the measured stream, firmware metadata.
final class CodecLines {
    private static final String MRTD = "Intel TDX Module 1.5 base specification, build-time measurement (MRTD)";
    private static final String TDVF = "Intel TDX Virtual Firmware Design Guide, TDVF metadata";
    private static final List<StatusName> DONE = Statuses.DONE;

    /// The stream between MRTD.START and the next.
    private MrtdStream stream = new MrtdStream();

    List<Line> lines() {
        return List.of(
                Line.of("STATUS.DECODE", -1, READS, "value",
                        "error non_recoverable fatal host_recoverability_hint class details_l1 details_l2", DONE,
                        "Intel TDX Module 1.5 ABI specification, completion status", CodecLines::decode),
                Line.of("MRTD.START", -1, TEST, "", "", DONE, MRTD, call -> {
                    stream = new MrtdStream();
                    return 0;
                }),
                Line.of("MRTD.PAGE_ADD", -1, TEST, "gpa", "", DONE, MRTD, call -> {
                    stream.add(call.in(0));
                    return 0;
                }),
                Line.of("MRTD.EXTEND", -1, TEST, "gpa factor addend", "", DONE, MRTD, call -> {
                    stream.extend(call.in(0), page(call), (int) (call.in(0) & PageInfo.size(0) - MrtdStream.CHUNK));
                    return 0;
                }),
                Line.of("MRTD.EXTEND_PAGE", -1, TEST, "gpa factor addend", "", DONE, MRTD, this::extendPage),
                Line.of("MRTD.DIGEST", -1, READS, "", "mrtd stream_bytes", DONE, MRTD, call -> {
                    call.outBytes(0, stream.digest());
                    call.out(1, stream.bytes());
                    return 0;
                }),
                Line.of("TDVF.DESCRIPTOR", -1, READS, "image", "offset count", DONE, TDVF, call -> {
                    TdvfImage image = TdvfImage.parse(java.lang.foreign.MemorySegment.ofArray(call.inBytes(0)));
                    call.out(0, image.descriptorOffset());
                    call.out(1, image.sections().size());
                    return 0;
                }),
                Line.of("TDVF.SECTION", -1, READS, "image index",
                        "data_offset raw_data_size memory_address memory_data_size type attributes", DONE, TDVF,
                        CodecLines::section));
    }

    private static long decode(OperationCall call) {
        long status = call.in(0);
        call.out(0, TdxStatus.isError(status) ? 1 : 0);
        call.out(1, TdxStatus.isNonRecoverable(status) ? 1 : 0);
        call.out(2, TdxStatus.isFatal(status) ? 1 : 0);
        call.out(3, TdxStatus.hasHostHint(status) ? 1 : 0);
        call.out(4, TdxStatus.classOf(status));
        call.out(5, TdxStatus.detailsL1(status));
        call.out(6, TdxStatus.detailsL2(status));
        return 0;
    }

    private long extendPage(OperationCall call) {
        byte[] page = page(call);
        for (int at = 0; at < page.length; at += MrtdStream.CHUNK) {
            stream.extend(call.in(0) + at, page, at);
        }
        return 0;
    }

    /// The page around the address, of which byte i is (i*A + B) & 0xff.
    private static byte[] page(OperationCall call) {
        byte[] page = new byte[(int) PageInfo.size(0)];
        for (int i = 0; i < page.length; i++) {
            page[i] = (byte) (i * call.in(1) + call.in(2));
        }
        return page;
    }

    private static long section(OperationCall call) {
        TdvfImage image = TdvfImage.parse(java.lang.foreign.MemorySegment.ofArray(call.inBytes(0)));
        long index = call.in(1);
        if (index < 0 || index >= image.sections().size()) {
            throw new IllegalArgumentException("section " + index + " is not in 0.." + (image.sections().size() - 1));
        }
        TdvfSection section = image.sections().get((int) index);
        call.out(0, section.dataOffset());
        call.out(1, section.rawSize());
        call.out(2, section.address());
        call.out(3, section.memorySize());
        call.out(4, section.type());
        call.out(5, section.attributes());
        return 0;
    }
}
