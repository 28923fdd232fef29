package org.enclosure.core.loading;

/// The source of a provider class, with one part of it replaced by what a test needs.
///
/// @param className fully qualified
/// @param constructor the statements of the constructor
/// @param version the body of `spiVersion()`
/// @param id the body of `id()`
/// @param vmTypes the body of `vmTypes()`
record ProviderSource(String className, String constructor, String version, String id, String vmTypes) {
    /// The traits of a type without private memory, of which nothing is wrong.
    static final String PLAIN = "new VmTraits(Set.of(), null, new S2Format(4, 512, 1, 2, 128, 0xFFFFFFFFFF000L), 1, 0, 0)";

    static ProviderSource of(String className, String id) {
        return new ProviderSource(className, "", "return SpiVersion.current();", "return \"" + id + "\";",
                types(type("plain", PLAIN)));
    }

    static String type(String id, String traits) {
        return "new VmType(\"" + id + "\", \"a type\", " + traits + ", List.of(\"page\"))";
    }

    static String types(String... types) {
        return "return List.of(" + String.join(", ", types) + ");";
    }

    ProviderSource constructor(String body) {
        return new ProviderSource(className, body, version, id, vmTypes);
    }

    ProviderSource version(String body) {
        return new ProviderSource(className, constructor, body, id, vmTypes);
    }

    ProviderSource id(String body) {
        return new ProviderSource(className, constructor, version, body, vmTypes);
    }

    ProviderSource vmTypes(String body) {
        return new ProviderSource(className, constructor, version, id, body);
    }

    String text() {
        int dot = className.lastIndexOf('.');
        String simple = className.substring(dot + 1);
        return """
                package %s;
                import java.util.*;
                import org.enclosure.spi.*;
                public class %s implements ArchitectureProvider {
                    public %s() { %s }
                    public String id() { %s }
                    public SpiVersion spiVersion() { %s }
                    public List<VmType> vmTypes() { %s }
                    public Platform open(PlatformContext context) { throw new UnsupportedOperationException(); }
                }
                """.formatted(className.substring(0, dot), simple, simple, constructor, id, version, vmTypes);
    }
}
