package org.enclosure.cca.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// Every state of an entry, at both levels, in a new and an active realm, under every command, request and access: what the
/// reference implementation answered, row by row.
class RttTransitionsTest {
    private static final List<String> RIPAS = List.of("EMPTY", "RAM", "DESTROYED");
    private static final long STORED = 0x55;

    @ParameterizedTest(name = "{0} at level {1} in a {2} realm: {3}")
    @CsvFileSource(resources = "/rtt-transitions.csv", numLinesToSkip = 1)
    void shouldDoWhatTheReferenceDid(String state, int level, String phase, String command, String result,
            String outputs, String next, long delta, String note) {
        check("1.0", state, level, phase, command, result, outputs, next, delta, note);
    }

    /// Runs a row and compares everything.
    static void check(String rmm, String state, int level, String phase, String command, String result,
            String outputs, String next, long delta, String note) {
        BareRealm realm = new BareRealm(rmm);
        prepare(realm, state, level, phase);
        long ipa = ipa(state);
        long table = level == 2 ? ipa == 0 ? BareRealm.L2 : BareRealm.NS_L2 : ipa == 0 ? BareRealm.L3 : BareRealm.NS_L3;
        long before = realm.references(table);
        Observed seen = perform(realm, command, level, ipa);
        assertEquals(result, seen.result);
        for (String pair : outputs == null ? new String[0] : outputs.split(" ", -1)) {
            String[] parts = pair.split("=", -1);
            assertEquals(Long.decode(parts[1]), seen.outputs.getOrDefault(parts[0], -1L), parts[0]);
        }
        assertEquals(note == null ? "" : note, seen.note);
        assertEquals(delta, realm.references(table) - before, "references of the table");
        assertEquals(next, stateOf(realm, ipa), "the entry afterwards");
    }

    /// Runs a row.
    static Observed row(String rmm, String state, int level, String phase, String command) {
        BareRealm realm = new BareRealm(rmm);
        prepare(realm, state, level, phase);
        return perform(realm, command, level, ipa(state));
    }

    private static long ipa(String state) {
        return state.contains("NS") || state.contains("unprot") ? BareRealm.HALF : 0;
    }

    private static void prepare(BareRealm realm, String state, int level, String phase) {
        boolean isUnprotected = ipa(state) != 0;
        long ipa = ipa(state);
        realm.realm().rec();
        realm.tables(0, BareRealm.L2, BareRealm.L3, isUnprotected ? 2 : level);
        if (isUnprotected) {
            realm.tables(ipa, BareRealm.NS_L2, BareRealm.NS_L3, level);
        }
        bring(realm, state, level, ipa);
        if (phase.equals("ACTIVE")) {
            realm.must("RMI_REALM_ACTIVATE", BareRealm.RD);
        }
    }

    /// Brings the entry into its state.
    private static void bring(BareRealm realm, String state, int level, long ipa) {
        long size = level == 2 ? BareRealm.SIZE_2M : BareRealm.PAGE;
        String ripas = state.substring(state.indexOf('/') + 1);
        if (ripas.equals("RAM")) {
            realm.must("RMI_RTT_INIT_RIPAS", BareRealm.RD, ipa, ipa + size);
        } else if (ripas.equals("DESTROYED")) {
            destroyed(realm, level, ipa);
        }
        if (state.startsWith("ASSIGNED/")) {
            assign(realm, level, ipa);
        } else if (state.equals("ASSIGNED_NS")) {
            realm.must("RMI_RTT_MAP_UNPROTECTED", BareRealm.RD, ipa, level, descriptor(level));
        } else if (state.startsWith("TABLE")) {
            long rtt = ipa == 0 ? BareRealm.L3 : BareRealm.NS_L3;
            realm.delegate(rtt).must("RMI_RTT_CREATE", BareRealm.RD, rtt, ipa, 3);
        }
    }

    private static void destroyed(BareRealm realm, int level, long ipa) {
        if (level == 3) {
            realm.must("RMI_RTT_INIT_RIPAS", BareRealm.RD, ipa, ipa + BareRealm.PAGE).delegate(BareRealm.DATA)
                    .must("RMI_DATA_CREATE_UNKNOWN", BareRealm.RD, BareRealm.DATA, ipa)
                    .must("RMI_DATA_DESTROY", BareRealm.RD, ipa).must("RMI_GRANULE_UNDELEGATE", BareRealm.DATA);
        } else {
            realm.delegate(BareRealm.L3).must("RMI_RTT_CREATE", BareRealm.RD, BareRealm.L3, ipa, 3)
                    .must("RMI_RTT_DESTROY", BareRealm.RD, ipa, 3).must("RMI_GRANULE_UNDELEGATE", BareRealm.L3);
        }
    }

    private static void assign(BareRealm realm, int level, long ipa) {
        if (level == 3) {
            realm.delegate(BareRealm.DATA).must("RMI_DATA_CREATE_UNKNOWN", BareRealm.RD, BareRealm.DATA, ipa);
            return;
        }
        realm.delegate(BareRealm.L3).must("RMI_RTT_CREATE", BareRealm.RD, BareRealm.L3, ipa, 3);
        for (int i = 0; i < BareRealm.PAGES; i++) {
            long page = BareRealm.BLOCK + i * BareRealm.PAGE;
            realm.delegate(page).must("RMI_DATA_CREATE_UNKNOWN", BareRealm.RD, page, ipa + i * BareRealm.PAGE);
        }
        realm.must("RMI_RTT_FOLD", BareRealm.RD, ipa, 3).must("RMI_GRANULE_UNDELEGATE", BareRealm.L3);
    }

    private static long descriptor(int level) {
        return (level == 2 ? BareRealm.HOST_BLOCK : BareRealm.HOST) | 0xd8;
    }

    private static Observed perform(BareRealm realm, String command, int level, long ipa) {
        long size = level == 2 ? BareRealm.SIZE_2M : BareRealm.PAGE;
        if (command.startsWith("RSI_IPA_STATE_SET(") && command.contains("+")) {
            return Observed.change(realm, ipa, ipa + size, command.contains("(RAM") ? 1 : 0,
                    command.contains("NO_CHANGE") ? 0 : 1);
        }
        return switch (command) {
            case "DATA_CREATE(measure)" -> Observed.smc(realm.delegate(BareRealm.OTHER_DATA), "RMI_DATA_CREATE",
                    BareRealm.RD, BareRealm.OTHER_DATA, ipa, BareRealm.PARAMS, 1);
            case "DATA_CREATE_UNKNOWN" -> Observed.smc(realm.delegate(BareRealm.OTHER_DATA),
                    "RMI_DATA_CREATE_UNKNOWN", BareRealm.RD, BareRealm.OTHER_DATA, ipa);
            case "DATA_DESTROY" -> Observed.smc(realm, "RMI_DATA_DESTROY", BareRealm.RD, ipa);
            case "RTT_INIT_RIPAS[entry]" ->
                Observed.smc(realm, "RMI_RTT_INIT_RIPAS", BareRealm.RD, ipa, ipa + size);
            case "RTT_INIT_RIPAS[first 4K]" ->
                Observed.smc(realm, "RMI_RTT_INIT_RIPAS", BareRealm.RD, ipa, ipa + BareRealm.PAGE);
            case "RTT_MAP_UNPROTECTED(same level)" ->
                Observed.smc(realm, "RMI_RTT_MAP_UNPROTECTED", BareRealm.RD, ipa, level, descriptor(level));
            case "RTT_UNMAP_UNPROTECTED(same level)" ->
                Observed.smc(realm, "RMI_RTT_UNMAP_UNPROTECTED", BareRealm.RD, ipa, level);
            case "RTT_UNMAP_UNPROTECTED(level=3)" ->
                Observed.smc(realm, "RMI_RTT_UNMAP_UNPROTECTED", BareRealm.RD, ipa, 3);
            case "RTT_CREATE(level=3)" -> Observed.smc(realm.delegate(BareRealm.SPARE), "RMI_RTT_CREATE", BareRealm.RD,
                    BareRealm.SPARE, ipa, 3);
            case "RTT_DESTROY(level=3)" -> Observed.smc(realm, "RMI_RTT_DESTROY", BareRealm.RD, ipa, 3);
            case "RTT_FOLD(level=3)" -> Observed.smc(realm, "RMI_RTT_FOLD", BareRealm.RD, ipa, 3);
            case "RSI_IPA_STATE_SET(DESTROYED)" -> Observed.rsi(realm, "RSI_IPA_STATE_SET", ipa, ipa + size, 2, 1);
            case "RSI_IPA_STATE_GET" -> Observed.rsi(realm, "RSI_IPA_STATE_GET", ipa, ipa + size);
            case "RSI_REALM_CONFIG@ipa" -> Observed.rsi(realm, "RSI_REALM_CONFIG", ipa);
            case "RSI_HOST_CALL@ipa" -> Observed.rsi(realm, "RSI_HOST_CALL", ipa);
            case "realm load" -> Observed.access(realm, "REALM.LD", ipa);
            case "realm store" -> Observed.access(realm, "REALM.ST", ipa, STORED);
            case "realm instruction fetch" -> Observed.access(realm, "REALM.IF", ipa);
            default -> throw new AssertionError("unknown command " + command);
        };
    }

    private static String stateOf(BareRealm realm, long ipa) {
        realm.must("RMI_RTT_READ_ENTRY", BareRealm.RD, ipa, 3);
        boolean isAssigned = realm.out("x2") == 1;
        String kind = isAssigned ? "ASSIGNED" : "UNASSIGNED";
        return kind + (ipa == 0 ? "/" + RIPAS.get((int) realm.out("x4")) : "_NS") + "@L" + realm.out("x1");
    }
}
