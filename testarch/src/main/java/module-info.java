/** The smallest architecture plugin there is; core's own tests run on it, and authors of plugins read it. */
module org.enclosure.testarch {
    requires transitive org.enclosure.api;

    exports org.enclosure.testarch;
    exports org.enclosure.testarch.wire;

    provides org.enclosure.spi.ArchitectureProvider with org.enclosure.testarch.TestProvider;
}
