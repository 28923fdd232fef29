/** arm64 pKVM: a small hypervisor at EL2 that keeps the host out of protected guests. */
module org.enclosure.pkvm {
    requires transitive org.enclosure.api;

    exports org.enclosure.pkvm;
    exports org.enclosure.pkvm.wire;

    provides org.enclosure.spi.ArchitectureProvider with org.enclosure.pkvm.PkvmProvider;
}
