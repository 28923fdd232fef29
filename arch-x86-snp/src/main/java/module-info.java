/** SEV-SNP, SEV-ES and SEV as an architecture plugin. */
module org.enclosure.snp {
    requires transitive org.enclosure.api;

    exports org.enclosure.snp;
    exports org.enclosure.snp.wire;

    provides org.enclosure.spi.ArchitectureProvider with org.enclosure.snp.SnpProvider;
}
