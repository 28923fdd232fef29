package org.enclosure.snp.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VmsaTest {
    static Stream<Arguments> pages() {
        return Facts.rows("vmsa.csv").stream().map(row -> Arguments.of(row[0], row));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void shouldBuildTheRecordedPage(String id, String[] row) {
        long eip = Facts.number64(row[3]);
        long signature = Facts.number64(row[4]);
        long features = Facts.number64(row[5]);
        byte[] page = row[1].equals("svsm")
                ? Vmsa.ofSvsm(eip, signature, features)
                : Vmsa.ofFirmware(Vmm.valueOf(row[2]), eip, signature, features);
        assertArrayEquals(Facts.bytes(row[6]), page, id);
    }

    @Test
    void shouldKnowTheSignaturesByTheNamesOfQemu() {
        assertEquals(0x800f12L, VcpuType.signatureOf("EPYC"));
        assertEquals(0x800f12L, VcpuType.signatureOf("EPYC-v4"));
        assertEquals(0x800f12L, VcpuType.signatureOf("EPYC-IBPB"));
        assertEquals(0x830f10L, VcpuType.signatureOf("EPYC-Rome-v2"));
        assertEquals(0xa00f11L, VcpuType.signatureOf("EPYC-Milan"));
        assertEquals(0xa10f10L, VcpuType.signatureOf("EPYC-Genoa-v1"));
        assertEquals(0xb00f00L, VcpuType.signatureOf("EPYC-Turin"));
    }
}
