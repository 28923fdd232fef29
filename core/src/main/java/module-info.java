import org.enclosure.spi.ArchitectureProvider;

/**
 * The engine and the built-in software platform. Exports the entry points, one without and one with Guice, and what they tell
 * of plugins.
 */
@SuppressWarnings("requires-transitive-automatic") // Guice has no descriptor, and whoever installs our module needs it.
module org.enclosure.core {
    requires transitive org.enclosure.api;
    requires transitive com.google.guice;
    requires com.google.common;
    requires org.objectweb.asm;
    requires jakarta.inject;
    requires jdk.jfr;
    requires org.slf4j;

    exports org.enclosure.core;
    exports org.enclosure.core.boot;
    exports org.enclosure.core.plugin;

    opens org.enclosure.core.boot to com.google.guice;

    uses ArchitectureProvider;
}
