package org.enclosure.systemtest.structure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/// The floors of the design: who may use whom.
@AnalyzeClasses(packages = "org.enclosure", importOptions = ImportOption.DoNotIncludeTests.class)
class StructureTest {
    private static final String API = "org.enclosure.api..";
    private static final String SPI = "org.enclosure.spi..";
    private static final String SOFTWARE = "org.enclosure.software..";
    private static final String CORE = "org.enclosure.core..";
    private static final String TESTARCH = "org.enclosure.testarch..";
    private static final int LEAST_CLASSES = 300;

    @ArchTest
    static void shouldHaveSeenAllClasses(JavaClasses all) {
        assertTrue(all.size() >= LEAST_CLASSES, "the importer saw " + all.size() + " classes");
        for (String part : new String[] {"api", "spi", "core", "software", "testarch", "pkvm", "cca", "snp", "tdx",
                "tck",
                "examples", "cli", "bench"}) {
            assertTrue(all.stream().anyMatch(type -> type.getPackageName().startsWith("org.enclosure." + part)),
                    "no class of " + part);
        }
    }

    @ArchTest static final ArchRule FLOORS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("org.enclosure..")
            .layer("api").definedBy(API).layer("spi").definedBy(SPI).layer("software").definedBy(SOFTWARE).layer("core")
            .definedBy(CORE).layer("testarch").definedBy(TESTARCH).layer("tck")
            .definedBy("org.enclosure.tck..").layer("examples").definedBy("org.enclosure.examples..")
            .layer("bench").definedBy("org.enclosure.bench..").layer("cli").definedBy("org.enclosure.cli..")
            .whereLayer("api").mayNotAccessAnyLayer().whereLayer("spi").mayOnlyAccessLayers("api")
            .whereLayer("software")
            .mayOnlyAccessLayers("api", "spi").whereLayer("testarch").mayOnlyAccessLayers("api", "spi")
            .whereLayer("core")
            .mayOnlyAccessLayers("api", "spi", "software").whereLayer("tck").mayOnlyAccessLayers("api", "spi", "core")
            .whereLayer("examples")
            .mayOnlyAccessLayers("api", "spi", "core")
            .whereLayer("bench").mayOnlyAccessLayers("api", "spi", "core", "testarch", "software").whereLayer("cli")
            .mayOnlyAccessLayers("api", "spi", "core", "examples", "bench");

    @ArchTest static final ArchRule CORE_FLOORS = layeredArchitecture().consideringOnlyDependenciesInAnyPackage(CORE)
            .layer("event").definedBy("org.enclosure.core.event..").layer("mem")
            .definedBy("org.enclosure.core.mem..").layer("translation").definedBy("org.enclosure.core.translation..")
            .layer("tables")
            .definedBy("org.enclosure.core.attr..", "org.enclosure.core.folio..", "org.enclosure.core.s2..")
            .layer("slot").definedBy("org.enclosure.core.slot..").layer("exit").definedBy("org.enclosure.core.exit..")
            .layer("dirty").definedBy("org.enclosure.core.dirty..")
            .layer("machine").definedBy("org.enclosure.core.machine..").layer("fault")
            .definedBy("org.enclosure.core.fault..")
            .layer("convert").definedBy("org.enclosure.core.convert..").layer("vcpu")
            .definedBy("org.enclosure.core.vcpu..")
            .layer("hostside").definedBy("org.enclosure.core.hostside..").layer("vm")
            .definedBy("org.enclosure.core.vm..").layer("plugin").definedBy("org.enclosure.core.plugin..")
            .layer("loading").definedBy("org.enclosure.core.loading..")
            .layer("entry").definedBy("org.enclosure.core", "org.enclosure.core.boot..").whereLayer("event")
            .mayNotAccessAnyLayer()
            .whereLayer("mem").mayNotAccessAnyLayer()
            .whereLayer("translation").mayOnlyAccessLayers("event", "mem").whereLayer("tables")
            .mayOnlyAccessLayers("event", "mem", "translation")
            .whereLayer("slot").mayOnlyAccessLayers("event", "mem", "translation", "tables").whereLayer("exit")
            .mayNotAccessAnyLayer()
            .whereLayer("dirty").mayOnlyAccessLayers("event", "mem", "translation", "tables", "slot")
            .whereLayer("machine").mayOnlyAccessLayers("event", "mem", "translation", "tables", "slot", "dirty")
            .whereLayer("fault")
            .mayOnlyAccessLayers("event", "mem", "translation", "tables", "slot", "dirty", "exit", "machine")
            .whereLayer("convert")
            .mayOnlyAccessLayers("event", "mem", "translation", "tables", "slot", "dirty", "machine")
            .whereLayer("hostside")
            .mayOnlyAccessLayers("event", "mem", "translation", "tables", "slot", "dirty", "machine", "convert")
            .whereLayer("vcpu")
            .mayOnlyAccessLayers("event", "mem", "translation", "tables", "slot", "dirty", "exit", "machine", "fault",
                    "convert")
            .whereLayer("plugin").mayOnlyAccessLayers("machine").whereLayer("loading").mayOnlyAccessLayers("plugin")
            .whereLayer("vm")
            .mayOnlyBeAccessedByLayers("entry").whereLayer("entry").mayNotBeAccessedByAnyLayer();

    @ArchTest static final ArchRule NO_CYCLES_IN_CORE = slices().matching("org.enclosure.core.(*)..").should()
            .beFreeOfCycles();

    @ArchTest static final ArchRule NO_CYCLES_IN_THE_API = slices().matching("org.enclosure.api.(*)..").should()
            .beFreeOfCycles();

    @ArchTest static final ArchRule NO_CYCLES_IN_THE_KIT = slices().matching("org.enclosure.tck.(*)..").should()
            .beFreeOfCycles();

    @ArchTest static final ArchRule THE_ENGINE_IMPLEMENTS_NOTHING_OF_THE_SPI = noClasses().that().resideInAPackage(CORE)
            .should()
            .implement(new DescribedPredicate<JavaClass>("an interface of the SPI") {
                @Override
                public boolean test(JavaClass type) {
                    return type.getPackageName().startsWith("org.enclosure.spi");
                }
            });

    @ArchTest static final ArchRule GUICE_IS_SEEN_BY_BOOT_ALONE = noClasses().that().resideInAPackage(CORE).and()
            .resideOutsideOfPackage("org.enclosure.core.boot..").should().dependOnClassesThat()
            .resideInAnyPackage("com.google.inject..", "jakarta.inject..");

    @ArchTest static final ArchRule NATIVE_CALLS_STAND_IN_ONE_PACKAGE = noClasses().that()
            .resideOutsideOfPackage("org.enclosure.core.mem..").should().dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.foreign.Linker");

    @ArchTest static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = noClasses().should()
            .haveNameMatching(".*(Manager|Utils?|Helper)");

    @ArchTest static final ArchRule SPI_INTERFACES_ARE_SMALL = classes().that().resideInAPackage(SPI).and()
            .areInterfaces()
            .should(new ArchCondition<>("have at most seven methods, none of them default") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    long count = type.getMethods().stream()
                            .filter(method -> !method.getModifiers().contains(JavaModifier.STATIC)).count();
                    boolean isAbstract = type.getMethods().stream()
                            .allMatch(method -> method.getModifiers().contains(JavaModifier.ABSTRACT)
                                    || method.getModifiers().contains(JavaModifier.STATIC));
                    if (count > 7 || !isAbstract) {
                        events.add(SimpleConditionEvent.violated(type, type.getName() + " has " + count
                                + " methods, or a default one"));
                    }
                }
            });

    @ArchTest static final ArchRule THE_FAULT_PATH_HAS_NO_STREAMS = noClasses().that()
            .resideInAnyPackage("org.enclosure.core.translation..", "org.enclosure.core.fault..",
                    "org.enclosure.core.s2..",
                    "org.enclosure.core.folio..", "org.enclosure.core.attr..")
            .should().dependOnClassesThat().resideInAPackage("java.util.stream..");
}
