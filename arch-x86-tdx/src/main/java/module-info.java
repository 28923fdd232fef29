/** The architecture plugin for Intel TDX. */
module org.enclosure.tdx {
    requires transitive org.enclosure.api;

    exports org.enclosure.tdx;
    exports org.enclosure.tdx.wire;

    provides org.enclosure.spi.ArchitectureProvider with org.enclosure.tdx.TdxProvider;
}
