package org.enclosure.snp.launch;

import org.jspecify.annotations.Nullable;

/// What goes into a measurement beside the image.
final class LaunchInputs {
    private final Mode mode;
    private final Vmm vmm;
    private final int vcpus;
    private final long signature;
    private final long features;
    private byte @Nullable [] hashTable;
    private byte @Nullable [] seed;

    /// @param mode which generation measures
    /// @param vmm who builds the vCPUs' registers
    /// @param vcpus how many there are
    /// @param signature the processor's CPUID signature
    /// @param features the SEV features of the guest; SEV-ES and SEV have none
    LaunchInputs(Mode mode, Vmm vmm, int vcpus, long signature, long features) {
        this.mode = mode;
        this.vmm = vmm;
        this.vcpus = vcpus;
        this.signature = signature;
        this.features = features;
    }

    /// Sets the kernel's hashes, null without kernel.
    LaunchInputs hashTable(byte @Nullable [] table) {
        hashTable = table;
        return this;
    }

    /// Sets the digest after the image's pages, which are not looked at then; or null.
    LaunchInputs seed(byte @Nullable [] digest) {
        seed = digest;
        return this;
    }

    Mode mode() {
        return mode;
    }

    int vcpus() {
        return vcpus;
    }

    byte @Nullable [] hashTable() {
        return hashTable;
    }

    byte @Nullable [] seed() {
        return seed;
    }

    byte[] vmsa(long eip) {
        return Vmsa.ofFirmware(vmm, eip, signature, mode == Mode.SNP ? features : 0);
    }
}
