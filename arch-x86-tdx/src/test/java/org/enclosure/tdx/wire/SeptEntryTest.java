package org.enclosure.tdx.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SeptEntryTest {
    private static final long HPA = 0x4020_0000L;

    @ParameterizedTest
    @CsvSource({"FREE, 0x80e0000000000000", "REMOVED, 0x80c0000000000000", "NL_MAPPED, 0x8000000040200007",
            "NL_BLOCKED, 0x8080000040200000", "MAPPED, 0x80000000402000f7", "BLOCKED, 0x80800000402000f0",
            "BLOCKEDW, 0x80400000402000f5", "EXPORTED_DIRTY, 0x80200000402002f7", "PENDING, 0x81000000402000f0",
            "PENDING_EXPORTED_DIRTY_BLOCKEDW, 0x81600000402002f0"})
    void shouldEncodeStatesAsTheModuleDoes(SeptState state, String raw) {
        boolean isEmpty = state == SeptState.FREE || state == SeptState.REMOVED;
        assertEquals(Long.parseUnsignedLong(raw.substring(2), 16), SeptEntry.of(state, isEmpty ? 0 : HPA));
    }

    @ParameterizedTest
    @EnumSource(SeptState.class)
    void shouldDecodeWhatItEncodes(SeptState state) {
        long entry = SeptEntry.of(state, HPA);
        assertEquals(state, SeptEntry.state(entry));
        assertEquals(state, SeptEntry.state(entry | SeptEntry.LOCK | SeptEntry.HOST_PRIORITY));
        assertEquals(HPA, SeptEntry.hpa(entry, 0));
        assertEquals(state.isPage(), SeptEntry.isLeaf(entry));
        assertEquals(state == SeptState.NL_MAPPED, SeptEntry.isWalkable(entry));
    }

    @ParameterizedTest
    @CsvSource({"FREE, 0x8000000000000000", "REMOVED, 0x0", "NL_MAPPED, 0x7", "NL_BLOCKED, 0x0",
            "MAPPED, 0x80000000402000f7", "PENDING_BLOCKED, 0x80000000402000f0",
            "EXPORTED_DIRTY, 0x80000000402000f7"})
    void shouldShowNeitherStateBitsNorTables(SeptState state, String view) {
        long entry = SeptEntry.of(state, HPA) | SeptEntry.LOCK | SeptEntry.HOST_PRIORITY;
        assertEquals(Long.parseUnsignedLong(view.substring(2), 16), SeptEntry.view(entry, 0));
    }

    @Test
    void shouldKeepTheAcceptCounterOutOfTheAddress() {
        long entry = SeptEntry.withAcceptCounter(SeptEntry.of(SeptState.PENDING, HPA), 200);
        assertEquals(200, SeptEntry.acceptCounter(entry));
        assertEquals(HPA, SeptEntry.hpa(entry, 1));
        assertEquals(SeptState.PENDING, SeptEntry.state(entry));
    }

    @Test
    void shouldGiveEachStateItsOwnNumbers() {
        Set<Integer> codes = new HashSet<>();
        Set<Integer> bits = new HashSet<>();
        for (SeptState state : SeptState.values()) {
            assertTrue(codes.add(state.code()), state + " shares its code");
            assertTrue(bits.add(state.bit()), state + " shares its place");
            assertEquals(state.code() << 8 | 1, SeptEntry.info(SeptEntry.of(state, 0), 1));
        }
    }

    @Test
    void shouldAskForTrackingOfAllThatCanBeCached() {
        for (SeptState state : SeptState.values()) {
            boolean cannotBeCached = state == SeptState.FREE || state == SeptState.REMOVED
                    || state == SeptState.EXPORTED_BLOCKEDW || state == SeptState.PENDING_EXPORTED_BLOCKEDW;
            assertEquals(!cannotBeCached, state.needsTracking(), state.name());
        }
        assertFalse(SeptState.PENDING.isReadable());
        assertTrue(SeptState.BLOCKEDW.isReadable());
    }
}
