/** The conformance kit for architecture plugins. JUnit is there when the contracts run, and not in the command. */
module org.enclosure.tck {
    requires transitive org.enclosure.core;
    requires static org.junit.jupiter.api;
}
