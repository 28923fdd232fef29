package org.enclosure.snp.launch;

import java.util.Locale;

/// Which generation measures. The ordinal is the operand of the operations.
public enum Mode {
    /// SEV-SNP: a chain of SHA-384 over pages with their addresses.
    SNP,
    /// SEV-ES: SHA-256 over firmware, hashes and vCPUs.
    SEVES,
    /// SEV: SHA-256 over firmware and hashes.
    SEV;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
