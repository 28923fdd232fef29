import org.enclosure.spi.ArchitectureProvider;

/** The engine and the built-in software platform. Exports the entry points alone; Guice is seen by one package. */
module org.enclosure.core {
    requires transitive org.enclosure.api;
    requires com.google.guice;
    requires com.google.common;
    requires org.objectweb.asm;
    requires jakarta.inject;
    requires org.slf4j;

    exports org.enclosure.core;

    uses ArchitectureProvider;
}
