package org.enclosure.systemtest.structure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

/// The floors of a plugin: its machine knows addresses alone, what replays operations knows no host, and it stands on the API and
/// the SPI alone.
@AnalyzeClasses(packages = "org.enclosure", importOptions = ImportOption.DoNotIncludeTests.class)
class PluginStructureTest {
    private static final String[] PLUGINS = {"cca"};

    @ArchTest
    static void shouldHaveFloors(JavaClasses all) {
        for (String plugin : PLUGINS) {
            String root = "org.enclosure." + plugin;
            layeredArchitecture().consideringOnlyDependenciesInAnyPackage(root + "..")
                    .layer("provider").definedBy(root).layer("wire").definedBy(root + ".wire..")
                    .layer("machine").definedBy(root + ".machine..").layer("ops").definedBy(root + ".ops..")
                    .layer("guest").definedBy(root + ".guest..").layer("launch").definedBy(root + ".launch..")
                    .layer("host").definedBy(root + ".host..").whereLayer("wire").mayNotAccessAnyLayer()
                    .whereLayer("machine").mayOnlyAccessLayers("wire").whereLayer("ops")
                    .mayOnlyAccessLayers("wire", "machine").whereLayer("guest").mayOnlyAccessLayers("wire")
                    .whereLayer("launch").mayOnlyAccessLayers("wire", "machine").whereLayer("host")
                    .mayOnlyAccessLayers("wire", "machine", "ops", "guest", "launch").whereLayer("provider")
                    .mayOnlyAccessLayers("host").check(all);
        }
    }

    @ArchTest
    static void shouldStandOnTheApiAlone(JavaClasses all) {
        for (String plugin : PLUGINS) {
            String root = "org.enclosure." + plugin + "..";
            classes().that().resideInAPackage(root).should().onlyDependOnClassesThat().resideInAnyPackage("java..",
                    "org.jspecify..", "org.enclosure.api..", "org.enclosure.spi..", root).check(all);
        }
    }

    @ArchTest
    static void shouldHaveAMachineThatKnowsMemoryAlone(JavaClasses all) {
        for (String plugin : PLUGINS) {
            noClasses().that().resideInAPackage("org.enclosure." + plugin + ".machine..").should()
                    .dependOnClassesThat(new DescribedPredicate<JavaClass>("of the SPI beside memory") {
                        @Override
                        public boolean test(JavaClass type) {
                            return type.getPackageName().equals("org.enclosure.spi")
                                    && !type.getFullName().startsWith("org.enclosure.spi.PhysicalMemory");
                        }
                    }).check(all);
        }
    }
}
