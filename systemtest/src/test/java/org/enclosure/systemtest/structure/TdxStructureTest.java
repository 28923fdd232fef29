package org.enclosure.systemtest.structure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The floors of the TDX plugin.
@AnalyzeClasses(packages = "org.enclosure.tdx", importOptions = ImportOption.DoNotIncludeTests.class)
class TdxStructureTest {
    @ArchTest static final ArchRule FLOORS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("org.enclosure.tdx..").layer("provider")
            .definedBy("org.enclosure.tdx").layer("wire").definedBy("org.enclosure.tdx.wire..").layer("machine")
            .definedBy("org.enclosure.tdx.machine..").layer("ops").definedBy("org.enclosure.tdx.ops..")
            .layer("guest").definedBy("org.enclosure.tdx.guest..").layer("launch")
            .definedBy("org.enclosure.tdx.launch..").layer("host").definedBy("org.enclosure.tdx.host..")
            .whereLayer("wire").mayNotAccessAnyLayer().whereLayer("machine").mayOnlyAccessLayers("wire")
            .whereLayer("launch").mayOnlyAccessLayers("wire").whereLayer("guest").mayOnlyAccessLayers("wire")
            .whereLayer("ops").mayOnlyAccessLayers("wire", "machine", "launch").whereLayer("host")
            .mayOnlyAccessLayers("wire", "machine", "launch", "guest", "ops").whereLayer("provider")
            .mayOnlyAccessLayers("host");

    @ArchTest static final ArchRule API_AND_SPI_ARE_ENOUGH = classes().that().resideInAPackage("org.enclosure.tdx..")
            .should().onlyDependOnClassesThat().resideInAnyPackage("java..", "org.jspecify..", "org.enclosure.api..",
                    "org.enclosure.spi..", "org.enclosure.tdx..");

    @ArchTest static final ArchRule THE_MACHINE_KNOWS_MEMORY_ALONE = noClasses().that()
            .resideInAPackage("org.enclosure.tdx.machine..").should().dependOnClassesThat()
            .haveNameMatching("org\\.enclosure\\.spi\\.(?!PhysicalMemory|MemoryRange).*");
}
