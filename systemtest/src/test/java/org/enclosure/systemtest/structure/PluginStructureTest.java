package org.enclosure.systemtest.structure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import java.util.Arrays;
import java.util.List;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;

/// The floors of the plugins: a machine knows addresses alone, what replays operations knows no host, and a plugin stands on the API
/// and the SPI alone.
@AnalyzeClasses(packages = "org.enclosure", importOptions = ImportOption.DoNotIncludeTests.class)
class PluginStructureTest {
    private static final String PROVIDER = "provider";

    /// One plugin.
    ///
    /// @param ofSpi what its machine uses of the SPI, alternatives of a regular expression
    /// @param floors its packages, each with those that it may use: `floor: others`
    private record Plugin(String name, String ofSpi, List<String> floors) {
        static Plugin of(String name, String ofSpi, String... floors) {
            return new Plugin(name, ofSpi, List.of(floors));
        }

        String root() {
            return "org.enclosure." + name;
        }

        LayeredArchitecture architecture() {
            LayeredArchitecture all = layeredArchitecture().consideringOnlyDependenciesInAnyPackage(root() + "..")
                    .layer(PROVIDER).definedBy(root());
            for (String floor : floors) {
                String layer = floor.substring(0, floor.indexOf(':'));
                all = all.layer(layer).definedBy(root() + "." + layer + "..");
            }
            for (String floor : floors) {
                all = restrict(all, floor.substring(0, floor.indexOf(':')), Arrays
                        .stream(floor.substring(floor.indexOf(':') + 1).split(" ")).filter(word -> !word.isEmpty())
                        .toArray(String[]::new));
            }
            return all.whereLayer(PROVIDER).mayOnlyAccessLayers("host");
        }

        private static LayeredArchitecture restrict(LayeredArchitecture all, String layer, String[] others) {
            return others.length == 0 ? all.whereLayer(layer).mayNotAccessAnyLayer()
                    : all.whereLayer(layer).mayOnlyAccessLayers(others);
        }
    }

    private static final List<Plugin> PLUGINS = List.of(
            Plugin.of("cca", "PhysicalMemory", "wire:", "machine: wire", "ops: wire machine", "guest: wire",
                    "launch: wire machine", "host: wire machine ops guest launch"),
            Plugin.of("pkvm", "PhysicalMemory|MemoryRange", "wire:", "machine: wire", "ops: wire machine",
                    "guest: wire", "launch: machine", "host: wire machine ops guest launch"),
            // The firmware measures, so the machine stands on the digest; a launch knows no machine.
            Plugin.of("snp", "PhysicalMemory", "wire:", "kvm:", "catalog:", "launch: wire catalog",
                    "machine: wire launch", "ops: wire machine launch catalog kvm", "guest: wire",
                    "host: wire machine ops guest launch"),
            Plugin.of("tdx", "PhysicalMemory|MemoryRange", "wire:", "machine: wire", "launch: wire", "guest: wire",
                    "ops: wire machine launch", "host: wire machine launch guest ops"));

    @ArchTest
    static void shouldHaveFloors(JavaClasses all) {
        PLUGINS.forEach(plugin -> plugin.architecture().check(all));
    }

    @ArchTest
    static void shouldStandOnTheApiAlone(JavaClasses all) {
        for (Plugin plugin : PLUGINS) {
            classes().that().resideInAPackage(plugin.root() + "..").should().onlyDependOnClassesThat()
                    .resideInAnyPackage("java..", "org.jspecify..", "org.enclosure.api..", "org.enclosure.spi..",
                            plugin.root() + "..")
                    .check(all);
        }
    }

    @ArchTest
    static void shouldHaveAMachineThatKnowsMemoryAlone(JavaClasses all) {
        for (Plugin plugin : PLUGINS) {
            noClasses().that().resideInAPackage(plugin.root() + ".machine..").should().dependOnClassesThat()
                    .haveNameMatching("org\\.enclosure\\.spi\\.(?!" + plugin.ofSpi() + ").*").check(all);
        }
    }
}
