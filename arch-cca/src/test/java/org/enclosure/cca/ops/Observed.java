package org.enclosure.cca.ops;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a command, request or access came to, in the words of the recorded table.
final class Observed {
    private static final List<String> STATUSES = List.of("SUCCESS", "ERROR_INPUT", "ERROR_REALM", "ERROR_REC");
    private static final int ERROR_RTT = 4;
    private static final int ABORTED = 1;
    private static final int EXIT_AGAIN = 2;
    private static final int EXIT_PENDING = 5;
    private static final long NON_SECURE = 9;
    private static final long IRQ = 1;

    final String result;
    final Map<String, Long> outputs;
    final String note;

    private Observed(String result, Map<String, Long> outputs, String note) {
        this.result = result;
        this.outputs = Map.copyOf(outputs);
        this.note = note;
    }

    /// A command of the host.
    static Observed smc(BareRealm realm, String command, long... operands) {
        long x0 = realm.call(command, operands);
        return new Observed(status(x0), realm.out, "");
    }

    /// A request of the realm that ends without the host, or makes the REC leave.
    static Observed rsi(BareRealm realm, String function, long... arguments) {
        int outcome = request(realm, function, arguments);
        if (outcome == 0) {
            Map<String, Long> registers = new HashMap<>(realm.out);
            return new Observed("RSI x0=" + hex(realm.out("x0")), registers, "");
        }
        return exit(realm, outcome);
    }

    /// A RIPAS change: request, the host's answer, and what the realm reads then.
    static Observed change(BareRealm realm, long base, long top, long ripas, long flags) {
        int outcome = request(realm, "RSI_IPA_STATE_SET", base, top, ripas, flags);
        if (outcome != EXIT_PENDING) {
            return new Observed("RSI:" + hex(realm.out("x0")), Map.of(), "");
        }
        realm.must("REC.LEAVE", BareRealm.REC, IRQ);
        Observed host = smc(realm, "RMI_RTT_SET_RIPAS", BareRealm.RD, BareRealm.REC, base, top);
        realm.enter(0);
        String seen = "realm then sees x0=" + hex(realm.out("x0")) + " x1=" + hex(realm.out("x1")) + " x2="
                + hex(realm.out("x2"));
        realm.must("REC.LEAVE", BareRealm.REC, IRQ);
        return new Observed(host.result, host.outputs, seen);
    }

    /// An access of the realm.
    static Observed access(BareRealm realm, String action, long... operands) {
        realm.enter(0);
        long[] all = new long[operands.length + 1];
        all[0] = BareRealm.REC;
        System.arraycopy(operands, 0, all, 1, operands.length);
        int outcome = (int) realm.call(action, all);
        if (outcome == 0) {
            return new Observed("COMPLETES", Map.of(), realm.out("pas") == NON_SECURE ? "PAS ns" : "PAS realm");
        }
        if (outcome == ABORTED) {
            return new Observed("SEA to realm (no exit)", Map.of("esr_el1", realm.out("esr")), "");
        }
        return exit(realm, outcome);
    }

    private static int request(BareRealm realm, String function, long... arguments) {
        realm.enter(0);
        long[] all = new long[arguments.length + 1];
        all[0] = BareRealm.REC;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return (int) realm.call(function, all);
    }

    private static Observed exit(BareRealm realm, int outcome) {
        realm.must("REC.LEAVE", BareRealm.REC, IRQ);
        realm.must("STATE.EXIT", BareRealm.RUN);
        boolean isSync = realm.out("reason") == 0;
        if (!isSync || outcome != EXIT_AGAIN) {
            return new Observed(realm.out("reason") == 5 ? "REC exit HOST_CALL" : "REC exit " + realm.out("reason"),
                    Map.of(), "");
        }
        Map<String, Long> outputs = new HashMap<>(realm.out);
        return new Observed("REC exit SYNC", outputs, "");
    }

    private static String status(long x0) {
        int status = (int) (x0 & 0xff);
        return status == ERROR_RTT ? "ERROR_RTT(" + (x0 >>> 8) + ")" : STATUSES.get(status);
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
