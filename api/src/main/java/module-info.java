/**
 * What embedders call ({@code org.enclosure.api} and the packages below it) and what architecture plugins implement
 * ({@code org.enclosure.spi}). The SPI may use the API, never the reverse.
 */
module org.enclosure.api {
    requires static transitive org.apiguardian.api;
    requires static transitive org.jspecify;
}
