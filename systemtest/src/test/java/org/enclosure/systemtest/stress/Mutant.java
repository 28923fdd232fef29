package org.enclosure.systemtest.stress;

import static org.enclosure.systemtest.stress.Findings.Kind.BAD_LEAF;
import static org.enclosure.systemtest.stress.Findings.Kind.BROKEN;
import static org.enclosure.systemtest.stress.Findings.Kind.STALE_LOAD;
import static org.enclosure.systemtest.stress.Findings.Kind.STALE_STORE;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

import org.enclosure.systemtest.stress.Findings.Kind;
import org.enclosure.tck.weave.ChangedClass;

/// Wrong engines, and what finds them: each is one change of a class file, the order of accesses under which it is wrong, and the
/// scenario that has to find it.
enum Mutant {
    /// The mark of an access may still be in a store buffer when the shootdown looks at it.
    NO_BARRIER("asymmetric", Scenario.SOFTWARE, EnumSet.of(STALE_LOAD, STALE_STORE),
            () -> ChangedClass.of(Name.ACCESS_ORDER).withEmptyBody("barrier")),
    /// The same mistake in the order that needs no barrier.
    MARK_WITHOUT_FENCE("symmetric", Scenario.SOFTWARE, EnumSet.of(STALE_LOAD, STALE_STORE),
            () -> ChangedClass.of(Name.HOLDER).withRenamedCalls("enterAccess", "setVolatile", "setOpaque")),
    /// A translation is used for ever.
    NO_GENERATION_CHECK("symmetric", Scenario.SOFTWARE, EnumSet.of(STALE_LOAD, STALE_STORE),
            () -> ChangedClass.of(Name.HOLDER).withTrue("isCurrent")),
    /// Frames change hands while an access is under way.
    NO_WAIT_FOR_MARKS("symmetric", Scenario.SOFTWARE, EnumSet.of(STALE_LOAD, STALE_STORE),
            () -> ChangedClass.of(Name.HOLDER).withEmptyBody("awaitAccess")),
    /// A fault publishes its leaf after the range was unmapped.
    NO_DRAIN("symmetric", Scenario.SOFTWARE, EnumSet.of(BAD_LEAF, STALE_LOAD, STALE_STORE, BROKEN),
            () -> ChangedClass.of(Name.DOMAIN).withEmptyBody("drain")),
    /// A fault publishes what it found before the range was unmapped.
    NO_RECHECK("symmetric", Scenario.SOFTWARE, EnumSet.of(BAD_LEAF, STALE_LOAD, STALE_STORE),
            () -> ChangedClass.of(Name.DOMAIN).withTrue("isStillValid")),
    /// The next owner of a frame finds what the last one has left.
    NO_ZEROING("symmetric", Scenario.SOFTWARE, EnumSet.of(STALE_LOAD),
            () -> ChangedClass.of(Name.FOLIOS).withCalls("newEntry", "zero", 1, (code, call) -> dropZero(code))),
    /// A vCPU that catches up with shootdowns keeps what was shot down.
    NO_RANGED_FLUSH("symmetric", Scenario.SOFTWARE, EnumSet.of(STALE_LOAD, STALE_STORE),
            () -> ChangedClass.of(Name.HOLDER).withEmptyBody("drop")),
    /// Marks that the barrier has not made visible are not waited for, and the generation that it should publish is the old one.
    BARRIER_BEFORE_GENERATION("asymmetric", Scenario.SOFTWARE, EnumSet.of(STALE_LOAD, STALE_STORE),
            () -> ChangedClass.of(Name.DOMAIN)
                    .withCalls("shootdown", "barrier", 1, (code, call) -> {
                        // It comes before the generation instead.
                    })
                    .withCalls("shootdown", "publishRange", 1, (code, call) -> barrierFirst(code).with(call))),
    /// The count of invalidations is read before the fault mark can be seen.
    FAULT_MARK_WITHOUT_FENCE("symmetric", Scenario.SOFTWARE, EnumSet.of(BAD_LEAF, STALE_LOAD, STALE_STORE),
            () -> ChangedClass.of(Name.HOLDER).withRenamedCalls("enterFault", "setVolatile", "setOpaque"));

    /// What CI runs; the others are found more slowly and run on demand.
    static final Set<Mutant> QUICK = EnumSet.range(NO_BARRIER, NO_RANGED_FLUSH);

    private final String order;
    private final Scenario killer;
    private final Set<Kind> expected;
    private final Supplier<ChangedClass> change;

    Mutant(String order, Scenario killer, Set<Kind> expected, Supplier<ChangedClass> change) {
        this.order = order;
        this.killer = killer;
        this.expected = expected;
        this.change = change;
    }

    String order() {
        return order;
    }

    /// One vCPU leaves a processor of two to the host: what is a matter of nanoseconds needs both at once.
    int vcpus() {
        return 1;
    }

    Scenario killer() {
        return killer;
    }

    /// Whether one of the findings is of a kind that this mistake has to show.
    boolean isShownBy(String output) {
        return output.lines().anyMatch(line -> expected.stream().anyMatch(kind -> line.startsWith(kind + " ")));
    }

    Set<Kind> expected() {
        return expected;
    }

    ChangedClass change() {
        return change.get();
    }

    private static void dropZero(CodeBuilder code) {
        code.pop().pop2().pop(); // order, pfn, allocator
    }

    private static CodeBuilder barrierFirst(CodeBuilder code) {
        return code.invokestatic(ClassDesc.of(Name.ACCESS_ORDER), "barrier",
                MethodTypeDesc.of(ConstantDescs.CD_void));
    }

    /// The classes that are changed.
    private static final class Name {
        static final String ACCESS_ORDER = "org.enclosure.core.mem.AccessOrder";
        static final String DOMAIN = "org.enclosure.core.translation.TranslationDomain";
        static final String HOLDER = "org.enclosure.core.translation.TranslationHolder";
        static final String FOLIOS = "org.enclosure.core.folio.FolioSupply";

        private Name() {
        }
    }
}
