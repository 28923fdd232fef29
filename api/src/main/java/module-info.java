/**
 * What embedders call ({@code org.enclosure.api} and the packages below it) and what architecture plugins implement
 * ({@code org.enclosure.spi}). The SPI may use the API, never the reverse.
 */
module org.enclosure.api {
    requires static transitive org.apiguardian.api;
    requires static transitive org.jspecify;

    exports org.enclosure.api;
    exports org.enclosure.api.dirty;
    exports org.enclosure.api.exit;
    exports org.enclosure.api.host;
    exports org.enclosure.api.policy;
    exports org.enclosure.api.slot;
    exports org.enclosure.api.store;
    exports org.enclosure.api.vcpu;
    exports org.enclosure.api.vm;
    exports org.enclosure.spi;
}
