package org.enclosure.snp.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HashTableTest {
    static Stream<Arguments> tables() {
        return Facts.rows("hashes.csv").stream().map(row -> Arguments.of(row[0], row));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void shouldBuildTheRecordedTable(String id, String[] row) {
        byte[] table = HashTable.of(Facts.bytes(row[1]), Facts.bytes(row[2]), Facts.hex(row[3]));
        assertEquals(row[5], Facts.hex(table), id);
        byte[] page = HashTable.page(table, Facts.number(row[4]));
        assertEquals(row[6], Facts.hex(Sha.sha384().digest(page)), id);
    }

    @Test
    void shouldReplaceOnePartOfATable() {
        byte[] kernel = {1};
        byte[] initrd = {2};
        byte[] append = {3};
        byte[] table = HashTable.of(kernel, initrd, append);
        assertArrayEquals(HashTable.of(kernel, initrd, new byte[] {4}),
                HashTable.withCommandLine(table, new byte[] {4}));
        assertArrayEquals(HashTable.of(kernel, new byte[0], append), HashTable.withoutInitrd(table));
    }

    @Test
    void shouldRefuseAPlaceThatCrossesThePage() {
        byte[] table = HashTable.of(new byte[0], new byte[0], new byte[0]);
        HashTable.page(table, 4096 - 176);
        FirmwareException refused = assertThrows(FirmwareException.class, () -> HashTable.page(table, 4096 - 175));
        assertEquals(FirmwareFault.HASHES_AREA, refused.fault());
    }
}
