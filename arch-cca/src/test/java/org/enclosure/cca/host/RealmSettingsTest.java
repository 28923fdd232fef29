package org.enclosure.cca.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;

import org.enclosure.cca.launch.CcaPlanner;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a VM can be created with: the width of its addresses, which puts the halves apart, and what else the RIM begins with.
class RealmSettingsTest {
    private static final int PRIVATE = Bench.PRIVATE;
    private static final int SHARED = Bench.SHARED;

    @ParameterizedTest
    @ValueSource(ints = {32, 39, 40, 48})
    void shouldPutTheHalvesApartWhereTheWidthSays(int width) {
        try (Bench bench = new Bench()) {
            Bench.Vm vm = bench.vm(Map.of("s2sz", "" + width)).enter();
            AddressTag tag = Objects.requireNonNull(vm.vm.traits().tag());
            assertEquals(1L << width - 1, tag.mask());
            long shared = bench.frame();
            long secret = bench.frame();
            long last = (tag.mask() >>> 12) - 1;
            assertEquals(Status.OK, vm.map(last, secret, 1, PRIVATE));
            assertEquals(Status.OK, vm.map(last, shared, 1, SHARED));
            assertEquals(secret, Leaf.pfn(vm.admit(last, PRIVATE)));
            assertEquals(shared, Leaf.pfn(vm.admit(last, SHARED)));
            assertEquals("ASSIGNED_NS", vm.state(last, SHARED));
            assertEquals(Status.DENIED, Status.kind(vm.map(last + 1, bench.frame(), 1, PRIVATE)));
            assertEquals(tag.mask() | 0x1000, vm.vm.guestDriver().tagged(0x1000, false));
            vm.end();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-256", "sha-512"})
    void shouldMeasureWithTheAlgorithmAndWidthOfTheVm(String hash) {
        Map<String, String> settings = Map.of("hash", hash, "s2sz", "40", "num-bps", "2", "flags", "4", "pmu-num-ctrs",
                "3");
        LaunchResult planned = CcaPlanner.INSTANCE.measure(
                java.util.List.of(new LaunchItem(LaunchItem.Kind.RANGE, 0, 1L << 27, -1, CcaPlanner.TYPE_RIPAS, 0),
                        new LaunchItem(LaunchItem.Kind.RANGE, 0, 1, -1, CcaPlanner.TYPE_REC, 1)),
                MemorySegment.NULL, settings);
        try (Bench bench = new Bench()) {
            Bench.Vm vm = bench.vm(settings);
            LaunchSession launch = vm.vm.launch(settings);
            assertEquals(Status.OK, launch.page(
                    new LaunchItem(LaunchItem.Kind.RANGE, 0, 1L << 27, -1, CcaPlanner.TYPE_RIPAS, 0), -1, -1, vm.work));
            LaunchResult launched = launch.finish(vm.work);
            assertEquals(planned.digest(), launched.digest());
            assertEquals(hash, launched.algorithm().toLowerCase(java.util.Locale.ROOT));
            assertEquals(hash.equals("sha-256") ? 64 : 128, launched.digest().length());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"s2sz|31|option s2sz=31 is not legal; legal: 32 to 48, decimal or 0x",
            "s2sz|49|option s2sz=49 is not legal; legal: 32 to 48",
            "s2sz|wide|option s2sz=wide is not legal; legal: 32 to 48, decimal or 0x",
            "hash|md5|option hash=md5 is not legal; legal: sha-256, sha-512",
            "num-bps|6|option num-bps=6 is not legal; legal: 1 to 5",
            "start-level|1|option start-level of a realm is not known; legal: flags, hash, num-bps",
            "flags|1|the RMM does not create the realm: RMI_REALM_CREATE answers 0x1"})
    void shouldSayWhichSettingIsWrong(String name, String value, String said) {
        try (Bench bench = new Bench()) {
            String message = assertThrows(IllegalArgumentException.class, () -> bench.vm(Map.of(name, value)))
                    .getMessage();
            assertTrue(message != null && message.contains(said), message);
        }
    }

    @Test
    void shouldRefuseALaunchThatDescribesAnotherRealm() {
        try (Bench bench = new Bench()) {
            Bench.Vm vm = bench.vm(Map.of("hash", "sha-512"));
            String message = assertThrows(IllegalArgumentException.class, () -> vm.vm.launch(Map.of())).getMessage();
            assertEquals("option hash of the launch is 0 (0 sha-256, 1 sha-512), but the VM was created with 1",
                    message);
            vm.vm.launch(Map.of("hash", "sha-512"));
        }
    }
}
