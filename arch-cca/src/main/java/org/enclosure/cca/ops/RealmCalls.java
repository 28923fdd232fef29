package org.enclosure.cca.ops;

import java.util.LinkedHashMap;
import java.util.Map;

import org.enclosure.cca.wire.Psci;
import org.enclosure.cca.wire.Rsi;

/// The functions that a realm can call, by name.
final class RealmCalls {
    /// Name to function identifier.
    static final Map<String, Long> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("RSI_VERSION", Rsi.VERSION);
        BY_NAME.put("RSI_FEATURES", Rsi.FEATURES);
        BY_NAME.put("RSI_MEASUREMENT_READ", Rsi.MEASUREMENT_READ);
        BY_NAME.put("RSI_MEASUREMENT_EXTEND", Rsi.MEASUREMENT_EXTEND);
        BY_NAME.put("RSI_ATTEST_TOKEN_INIT", Rsi.ATTEST_TOKEN_INIT);
        BY_NAME.put("RSI_ATTEST_TOKEN_CONTINUE", Rsi.ATTEST_TOKEN_CONTINUE);
        BY_NAME.put("RSI_REALM_CONFIG", Rsi.REALM_CONFIG);
        BY_NAME.put("RSI_IPA_STATE_SET", Rsi.IPA_STATE_SET);
        BY_NAME.put("RSI_IPA_STATE_GET", Rsi.IPA_STATE_GET);
        BY_NAME.put("RSI_HOST_CALL", Rsi.HOST_CALL);
        BY_NAME.put("PSCI_VERSION", Psci.VERSION);
        BY_NAME.put("PSCI_CPU_SUSPEND", Psci.CPU_SUSPEND_64);
        BY_NAME.put("PSCI_CPU_OFF", Psci.CPU_OFF);
        BY_NAME.put("PSCI_CPU_ON", Psci.CPU_ON_64);
        BY_NAME.put("PSCI_AFFINITY_INFO", Psci.AFFINITY_INFO_64);
        BY_NAME.put("PSCI_SYSTEM_OFF", Psci.SYSTEM_OFF);
        BY_NAME.put("PSCI_SYSTEM_RESET", Psci.SYSTEM_RESET);
        BY_NAME.put("PSCI_FEATURES", Psci.FEATURES);
    }

    private RealmCalls() {
    }
}
