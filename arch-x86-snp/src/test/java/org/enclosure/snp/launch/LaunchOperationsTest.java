package org.enclosure.snp.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.enclosure.snp.catalog.OperationTable;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LaunchOperationsTest {
    private static final List<String> MODES = List.of("SEV_SNP", "SEV_ES", "SEV");
    private static final Map<String, String> FIRMWARE = new TreeMap<>();

    private final OperationTable table = new OperationTable();

    static {
        Facts.rows("firmware.csv").forEach(row -> FIRMWARE.put(row[0], row[6]));
    }

    LaunchOperationsTest() {
        table.field("gpa", 64, "guest physical address");
        LaunchOperations.addTo(table);
    }

    @Test
    void shouldExtendByManyPagesAtOnce() {
        Call extend = call("LAUNCH.EXTEND").in("ld_before", new byte[48]).in("page_type", PageType.ZERO)
                .in("gpa", 0x9000)
                .in("pages", 3).in("imi", 1).in("vmpl1_mask", 3).in("vmpl2_mask", 2).in("vmpl3_mask", 1);
        assertEquals(0, extend.invoke());
        LaunchDigest digest = new LaunchDigest();
        for (int page = 0; page < 3; page++) {
            digest.extend(PageType.ZERO, 0x9000 + page * 4096L, new byte[0], true, 0x010203);
            assertArrayEquals(digest.digest(), slice(extend.out("ld_each"), page, 48));
            assertArrayEquals(digest.pageInfo(), slice(extend.out("page_info_each"), page, 112));
            assertArrayEquals(new byte[48], slice(extend.out("contents_each"), page, 48));
        }
        assertArrayEquals(digest.digest(), extend.out("ld"));
        assertArrayEquals(digest.imd(), extend.out("imd"));
    }

    @Test
    void shouldTakeBytesOrTheirHashes() {
        byte[] page = Facts.bytes("fill 165 4096");
        Call bytes = call("LAUNCH.EXTEND").in("ld_before", new byte[48]).in("page_type", PageType.NORMAL).in("pages", 1)
                .in("page_data", page);
        bytes.invoke();
        Call hashes = call("LAUNCH.EXTEND").in("ld_before", new byte[48]).in("page_type", PageType.NORMAL)
                .in("pages", 1)
                .in("page_contents", Sha.sha384().digest(page));
        hashes.invoke();
        assertArrayEquals(bytes.out("ld"), hashes.out("ld"));
        hashes.in("page_data", page);
        assertThrows(IllegalArgumentException.class, hashes::invoke);
    }

    @Test
    void shouldTakePagesOf2MAsTheirSmallOnes() {
        Call small = call("LAUNCH.EXTEND").in("ld_before", new byte[48]).in("page_type", PageType.ZERO)
                .in("gpa", 0x800000).in("pages", 512);
        small.invoke();
        Call large = call("LAUNCH.EXTEND").in("ld_before", new byte[48]).in("page_type", PageType.ZERO)
                .in("gpa", 0x800000).in("pages", 512).in("rmp_page_size", 1);
        large.invoke();
        assertArrayEquals(small.out("ld"), large.out("ld"));
        assertThrows(IllegalArgumentException.class, large.in("pages", 511)::invoke);
        assertThrows(IllegalArgumentException.class, large.in("pages", 512).in("gpa", 0x801000)::invoke);
        large.in("gpa", 0x800000);
        assertThrows(IllegalArgumentException.class, large.in("page_type", PageType.SECRETS)::invoke);
    }

    @Test
    void shouldRefuseOperandsThatMeanNothing() {
        Call extend = call("LAUNCH.EXTEND").in("ld_before", new byte[48]).in("page_type", PageType.ZERO).in("pages", 1);
        assertEquals(0, extend.invoke());
        for (int type : new int[] {0, 7}) {
            assertThrows(IllegalArgumentException.class, extend.in("page_type", type)::invoke);
        }
        extend.in("page_type", PageType.NORMAL);
        assertThrows(IllegalArgumentException.class, extend::invoke);
        extend.in("page_type", PageType.ZERO).in("pages", 0);
        assertThrows(IllegalArgumentException.class, extend::invoke);
        extend.in("pages", 1).in("gpa", 1);
        assertThrows(IllegalArgumentException.class, extend::invoke);
        extend.in("gpa", 0).in("ld_before", new byte[47]);
        assertThrows(IllegalArgumentException.class, extend::invoke);
        assertThrows(IllegalArgumentException.class, call("VMSA.BUILD").in("vmm", 3)::invoke);
        assertThrows(IllegalArgumentException.class, call("LAUNCH.MEASURE").in("mode", 3).in("vcpus", 1)::invoke);
        assertThrows(IllegalArgumentException.class, call("LAUNCH.MEASURE")::invoke);
    }

    @Test
    void shouldKnowProcessorsByName() {
        Call signature = call("VCPU.SIGNATURE").in("vcpu_type", "EPYC-Rome-v2".getBytes(StandardCharsets.US_ASCII));
        assertEquals(0, signature.invoke());
        assertEquals(0x830f10, signature.number("vcpu_sig"));
        assertEquals(1, signature.in("vcpu_type", "epyc".getBytes(StandardCharsets.US_ASCII)).invoke());
    }

    @Test
    void shouldTellByStatusWhatIsWrongWithFirmware() {
        Call parse = call("FIRMWARE.PARSE").in("firmware", new byte[4096]);
        assertEquals(0, parse.invoke());
        assertEquals(0, parse.number("found"));
        assertEquals(FirmwareFault.IMAGE_SIZE.status(), parse.in("firmware", new byte[5]).invoke());
        Call measure = call("LAUNCH.MEASURE").in("firmware", new byte[4096]).in("vcpus", 1);
        assertEquals(FirmwareFault.NO_FOOTER.status(), measure.invoke());
        assertEquals(FirmwareFault.HASHES_AREA.status(), call("HASHES.BUILD").in("offset", 4096 - 175).invoke());
        assertEquals("NO_FOOTER", measure.operation.statuses().get(FirmwareFault.NO_FOOTER.status()).name());
    }

    @Test
    void shouldListWhatFirmwareSays() {
        Call parse = call("FIRMWARE.PARSE").in("firmware", Facts.bytes(FIRMWARE.getOrDefault("fw-hash-only-page", "")));
        assertEquals(0, parse.invoke());
        assertEquals(7, parse.number("found"));
        assertEquals(0xfffff000L, parse.number("firmware_gpa"));
        assertEquals(0x80b004L, parse.number("reset_eip"));
        assertEquals(0x810c00L, parse.number("hashes_gpa"));
        assertEquals(2 * 24, parse.out("sections").length);
        assertEquals("0010000000000000", Facts.hex(Arrays.copyOfRange(parse.out("sections"), 8, 16)));
    }

    static Stream<Arguments> launches() {
        return Facts.rows("end-to-end.csv").stream().map(row -> Arguments.of(row[0], row));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("launches")
    void shouldMeasureTheRecordedLaunch(String id, String[] row) {
        Call measure = call("LAUNCH.MEASURE").in("firmware", Facts.bytes(FIRMWARE.getOrDefault(row[1], "")))
                .in("mode", MODES.indexOf(row[2])).in("vmm", List.of("QEMU", "ec2", "gce").indexOf(row[3]))
                .in("vcpus", Facts.number(row[4])).in("vcpu_sig", Facts.number64(row[5]))
                .in("sev_features", Facts.number64(row[6])).in("has_kernel", row[7].isEmpty() ? 0 : 1)
                .in("kernel", Facts.bytes(row[7])).in("initrd", Facts.bytes(row[8]))
                .in("append", row[9].getBytes(StandardCharsets.UTF_8));
        long status = measure.invoke();
        if (row[10].isEmpty()) {
            boolean isSnp = row[2].equals("SEV_SNP");
            assertEquals((isSnp ? FirmwareFault.NO_HASHES_SECTION : FirmwareFault.NO_HASHES_TABLE).status(), status,
                    id);
        } else {
            assertEquals(0, status, id);
            assertEquals(row[10], Facts.hex(measure.out("digest")), id);
        }
    }

    private static byte[] slice(byte[] all, int index, int size) {
        return Arrays.copyOfRange(all, index * size, (index + 1) * size);
    }

    private Call call(String name) {
        return new Call(table, table.list().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow());
    }

    /// One call, operands by name.
    private static final class Call {
        final Operation operation;
        private final OperationTable table;
        private final OperationCall call;

        Call(OperationTable table, Operation operation) {
            this.table = table;
            this.operation = operation;
            call = new OperationCall(operation);
        }

        Call in(String name, long value) {
            call.in(index(operation.in(), name), value);
            return this;
        }

        Call in(String name, byte[] value) {
            call.inBytes(index(operation.in(), name), value);
            return this;
        }

        long invoke() {
            return table.invoke(operation, call);
        }

        byte[] out(String name) {
            return call.outBytes(index(operation.out(), name));
        }

        long number(String name) {
            return call.out(index(operation.out(), name));
        }

        private static int index(List<Operation.Field> fields, String name) {
            return fields.stream().map(Operation.Field::name).toList().indexOf(name);
        }
    }
}
