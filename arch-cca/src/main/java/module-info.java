/** Arm Confidential Compute Architecture: the RMM 1.0 machine at the level of its SMCs, KVM's host side and Linux's realm guest. */
module org.enclosure.cca {
    requires transitive org.enclosure.api;

    exports org.enclosure.cca;
    exports org.enclosure.cca.wire;

    provides org.enclosure.spi.ArchitectureProvider with org.enclosure.cca.CcaProvider;
}
