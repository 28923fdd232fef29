package org.enclosure.snp.launch;

import java.util.Locale;

/// Who builds the vCPUs' registers; each does it in its own way. The ordinal is the operand of the operations.
public enum Vmm {
    /// QEMU on KVM.
    QEMU,
    /// Amazon EC2.
    EC2,
    /// Google Compute Engine.
    GCE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
