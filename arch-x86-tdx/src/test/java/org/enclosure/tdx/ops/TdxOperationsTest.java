package org.enclosure.tdx.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

import org.enclosure.spi.Operation;
import org.enclosure.tdx.Script;
import org.enclosure.tdx.wire.MrtdStream;
import org.enclosure.tdx.wire.TdxStatus;
import org.junit.jupiter.api.Test;

class TdxOperationsTest {
    private static final long TD = Script.TD;
    private static final long VCPU = TD + 0xb000;

    @Test
    void shouldNameEveryLeafOnceWithItsNumber() {
        try (Script script = new Script()) {
            Set<Long> numbers = new HashSet<>();
            for (Operation operation : script.platform().operations().list()) {
                if (operation.name().startsWith("TDH.")) {
                    assertTrue(numbers.add(operation.number()), operation.name());
                    assertFalse(operation.statuses().isEmpty(), operation.name());
                }
            }
            assertTrue(numbers.size() >= 30, "only " + numbers.size() + " leaves");
        }
    }

    @Test
    void shouldRefuseWhatNamesNoTd() {
        try (Script script = new Script()) {
            for (String name : Set.of("STATE.INFO", "STATE.MRTD", "TDG.MEM.PAGE.ACCEPT", "GUEST.ACCESS", "VCPU.ENTER",
                    "SETUP.MNG_INIT", "SETUP.KEYS_CONFIGURED", "TEST.SET_OP_STATE")) {
                assertThrows(IllegalArgumentException.class, () -> script.invoke(name, TD), name);
                assertThrows(IllegalArgumentException.class, () -> script.invoke(name, -1), name);
                assertThrows(IllegalArgumentException.class, () -> script.invoke(name, 12), name);
            }
        }
    }

    /// The whole way from the first page to the last, by the real leaves alone.
    @Test
    void shouldBuildRunAndTearDown() {
        try (Script script = new Script()) {
            long params = Script.SOURCE;
            org.enclosure.tdx.wire.TdParams.write(script.memory(), params, 0, 2, false);
            assertEquals(0, script.invoke("TDH.MNG.CREATE", TD, 40));
            assertEquals(TdxStatus.HKID_NOT_FREE, script.invoke("TDH.MNG.CREATE", TD + 0x2_0000, 40));
            assertEquals(TdxStatus.TD_KEYS_NOT_CONFIGURED, script.invoke("TDH.MNG.ADDCX", TD + 0x1000, TD));
            assertEquals(0, script.invoke("TDH.MNG.KEY.CONFIG", TD));
            assertEquals(TdxStatus.KEY_CONFIGURED, script.invoke("TDH.MNG.KEY.CONFIG", TD));
            assertEquals(TdxStatus.TDCS_NOT_ALLOCATED, script.invoke("TDH.MNG.INIT", TD, params));
            for (int i = 1; i <= 9; i++) {
                assertEquals(0, script.invoke("TDH.MNG.ADDCX", TD + i * 0x1000L, TD));
            }
            assertEquals(TdxStatus.TDCX_NUM_INCORRECT, script.invoke("TDH.MNG.ADDCX", TD + 0xa000, TD));
            assertEquals(TdxStatus.OPERAND_INVALID | 2, script.invoke("TDH.MNG.INIT", TD, params + 8));
            assertEquals(0, script.invoke("TDH.MNG.INIT", TD, params));
            assertEquals(TdxStatus.NO_VCPUS, script.invoke("TDH.MR.FINALIZE", TD));
            assertEquals(0, script.invoke("TDH.VP.CREATE", VCPU, TD));
            assertEquals(TdxStatus.TDCX_NUM_INCORRECT, script.invoke("TDH.VP.INIT", VCPU, 0));
            for (int i = 1; i < 6; i++) {
                assertEquals(0, script.invoke("TDH.VP.ADDCX", VCPU + i * 0x1000L, VCPU));
            }
            assertEquals(TdxStatus.NO_VCPUS, script.invoke("TDH.MR.FINALIZE", TD));
            assertEquals(0, script.invoke("TDH.VP.INIT", VCPU, 0));
            assertEquals(TdxStatus.VCPU_STATE_INCORRECT, script.invoke("TDH.VP.INIT", VCPU, 0));
            assertEquals(TdxStatus.VCPU_STATE_INCORRECT, script.invoke("TDH.VP.ADDCX", VCPU + 0x6000, VCPU));
            assertEquals(TdxStatus.PAGE_METADATA_INCORRECT | 1, script.invoke("TDH.VP.INIT", TD + 0x1000, 0));
            assertEquals(TdxStatus.PAGE_METADATA_INCORRECT | 2,
                    script.invoke("TDH.VP.ADDCX", VCPU + 0x6000, TD + 0x1000));
            assertEquals(0, script.invoke("TDH.MR.FINALIZE", TD));
            script.invoke("VCPU.ENTER", TD, 0);
            assertEquals(TdxStatus.FLUSHVP_NOT_DONE, script.invoke("TDH.MNG.VPFLUSHDONE", TD));
            script.invoke("VCPU.EXIT", TD, 0);
            assertEquals(TdxStatus.LIFECYCLE_STATE_INCORRECT, script.invoke("TDH.MNG.KEY.FREEID", TD));
            assertEquals(TdxStatus.NO_HKID_READY_TO_WBCACHE, script.invoke("TDH.PHYMEM.CACHE.WB", 0));
            assertEquals(0, script.invoke("TDH.MNG.VPFLUSHDONE", TD));
            assertEquals(TdxStatus.WBCACHE_NOT_COMPLETE, script.invoke("TDH.MNG.KEY.FREEID", TD));
            assertEquals(TdxStatus.WBCACHE_RESUME_ERROR, script.invoke("TDH.PHYMEM.CACHE.WB", 1));
            assertEquals(TdxStatus.OPERAND_INVALID | 1, script.invoke("TDH.PHYMEM.CACHE.WB", 2));
            assertEquals(0, script.invoke("TDH.PHYMEM.CACHE.WB", 0));
            assertEquals(0, script.invoke("TDH.MNG.KEY.RECLAIMID", TD));
            assertEquals(0, script.invoke("TDH.MNG.KEY.FREEID", TD));
            assertEquals(TdxStatus.TD_ASSOCIATED_PAGES_EXIST, script.invoke("TDH.PHYMEM.PAGE.RECLAIM", TD));
            for (int i = 1; i <= 9; i++) {
                assertEquals(0, script.invoke("TDH.PHYMEM.PAGE.RECLAIM", TD + i * 0x1000L));
            }
            for (int i = 0; i < 6; i++) {
                assertEquals(0, script.invoke("TDH.PHYMEM.PAGE.RECLAIM", VCPU + i * 0x1000L));
            }
            assertEquals(0, script.invoke("TDH.PHYMEM.PAGE.RECLAIM", TD));
            assertEquals(0, script.invoke("TDH.MNG.CREATE", TD, 40));
        }
    }

    /// A page inside of a larger one is named wrongly, but what it belongs to is told all the same.
    @Test
    void shouldTellOfThePageAroundAMisalignedReclaim() {
        try (Script script = Script.building(0, 2)) {
            assertEquals(0, script.invoke("TDH.MEM.PAGE.AUG", 1, TD, 0x4080_0000L));
            assertEquals(TdxStatus.OPERAND_INVALID | 1, script.invoke("TDH.PHYMEM.PAGE.RECLAIM", 0x4080_1000L));
            assertEquals(3, script.out("rcx"));
            assertEquals(TD, script.out("rdx"));
            assertEquals(1, script.out("r8"));
        }
    }

    @Test
    void shouldMeasureWhatIsInThePageWhenItIsExtended() {
        try (Script script = Script.building(1, 1)) {
            script.invoke("HOST.FILL_PAGE", Script.SOURCE, 7, 3);
            script.invoke("TDH.MEM.PAGE.ADD", 0x5000, TD, 0x4020_0000L, Script.SOURCE);
            script.invoke("TDH.MEM.WR", 0x5100, TD, 42);
            script.invoke("TDH.MR.EXTEND", 0x5100, TD);
            byte[] chunk = new byte[256];
            for (int i = 0; i < chunk.length; i++) {
                chunk[i] = (byte) ((i + 256) * 7 + 3);
            }
            java.util.Arrays.fill(chunk, 0, 8, (byte) 0);
            chunk[0] = 42;
            MrtdStream expected = new MrtdStream();
            expected.add(0x5000);
            expected.extend(0x5100, chunk, 0);
            script.invoke("STATE.MRTD", TD);
            assertArrayEquals(expected.digest(), script.outBytes("mrtd"));
            assertEquals(512, script.out("stream_bytes"));
        }
    }
}
