package org.enclosure.tck.schedule;

import static org.enclosure.tck.schedule.scene.Act.CONVERT;
import static org.enclosure.tck.schedule.scene.Act.FAULT;
import static org.enclosure.tck.schedule.scene.Act.PUNCH;
import static org.enclosure.tck.schedule.scene.Act.SECOND_VM;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.enclosure.tck.schedule.scene.Act;
import org.enclosure.tck.weave.ChangedClass;

/// Wrong engines: each is one change of a class file, and what has to find it: a pair of acts under the scheduler, or the random
/// driver with its oracle.
enum EngineMutant {
    /// A fault publishes its leaf after the range was unmapped.
    NO_DRAIN(Name.DOMAIN, changed -> changed.withEmptyBody("drain"), FAULT, PUNCH),
    /// A fault publishes what it found before the range was unmapped.
    NO_RECHECK(Name.DOMAIN, changed -> changed.withTrue("isStillValid"), FAULT, PUNCH),
    /// The last step of an invalidation lets faults in before it says that something has changed.
    COUNT_BEFORE_SEQUENCE(Name.DOMAIN, changed -> changed.withBody("end", Bodies::countBeforeSequence), FAULT, PUNCH),
    /// The recheck reads in the order in which the end writes.
    SEQUENCE_BEFORE_COUNT(Name.DOMAIN, changed -> changed.withBody("isStillValid", Bodies::sequenceBeforeCount), FAULT,
            PUNCH),
    /// A fault takes its snapshot when it has read kind and page already.
    ATTRIBUTE_BEFORE_SNAPSHOT(Name.FAULT, changed -> changed.withCalls("install", "isStillValid", 1, (code, call) -> {
        code.pop2();
        Bodies.snapshot(code).with(call);
    }), FAULT, PUNCH),
    /// Frames change hands while an access is under way.
    NO_WAIT_FOR_MARKS(Name.HOLDER, changed -> changed.withEmptyBody("awaitAccess"), FAULT, PUNCH),
    /// A translation is used for ever.
    NO_GENERATION(Name.HOLDER, changed -> changed.withTrue("isCurrent"), FAULT, PUNCH),
    /// A vCPU that catches up keeps what was shot down.
    NO_RANGED_FLUSH(Name.HOLDER, changed -> changed.withEmptyBody("drop"), FAULT, PUNCH),
    /// The slow path does not look at shootdowns.
    NO_CATCH_UP(Name.MEMORY,
            changed -> changed.withCalls("tryAccess", "catchUp", 1, (code, call) -> code.pop().iconst_0()),
            FAULT, PUNCH),
    /// Leaves are cleared, translations stay.
    NO_SHOOTDOWN(Name.ZAPPER, changed -> changed.withEmptyBody("shootdown"), FAULT, PUNCH),
    /// A fault is under way and nobody can see it.
    NO_FAULT_MARK(Name.HOLDER, changed -> changed.withEmptyBody("enterFault").withEmptyBody("exitFault"), FAULT, PUNCH),
    /// The next owner of a frame finds what the last one has left.
    NO_ZEROING(Name.FOLIOS,
            changed -> changed.withCalls("newEntry", "zero", 1, (code, call) -> code.pop().pop2().pop()),
            PUNCH, SECOND_VM),

    /// A page whose bytes survive a conversion is zeroed at its next fault.
    ZEROES_AGAIN("org.enclosure.core.convert.ContentRules", changed -> changed.withBody("apply", Bodies::markUnzeroed)),
    /// A pinned page is converted and punched.
    NO_PIN_CHECK("org.enclosure.core.convert.PinCheck", changed -> changed.withEmptyBody("check")),
    /// Nobody can veto.
    NO_VETO("org.enclosure.core.convert.ParticipantList", changed -> changed.withEmptyBody("prepare")),
    /// A conversion does everything but convert.
    KINDS_NOT_SET("org.enclosure.core.attr.AttributeMap", changed -> changed.withEmptyBody("set")),
    /// A conversion leaves the last page of each part out.
    LAST_PAGE_LEFT_OUT("org.enclosure.core.convert.ConversionEngine", changed -> changed.withCalls("turn", "set", 1,
            (code, call) -> {
                int kind = code.allocateLocal(java.lang.classfile.TypeKind.INT);
                code.istore(kind).lconst_1().lsub().iload(kind).with(call);
            })),
    /// Slots overlap.
    OVERLAP_UNSEEN("org.enclosure.core.slot.SlotTable", changed -> changed.withBody("overlapping",
            code -> code.aconst_null().areturn())),
    /// A page of a store is bound twice.
    BOUND_TWICE("org.enclosure.core.vm.SlotResolver", changed -> changed.withEmptyBody("checkUnbound")),
    /// A hole gives nothing back.
    PUNCH_KEEPS("org.enclosure.core.folio.FolioMap", changed -> changed.withBody("remove",
            code -> code.lconst_0().lreturn())),
    /// What a slot's end or a hole takes from the guest stays in its tables.
    LEAVES_STAY("org.enclosure.core.s2.S2Table",
            changed -> changed.withBody("unmap", code -> code.lconst_0().lreturn())),
    /// The host keeps its translations of pages that are private now.
    NO_HOST_SHOOTDOWN("org.enclosure.core.slot.MemoryObject", changed -> changed.withEmptyBody("shootViews")),
    /// Table frames are never free again.
    FRAMES_LEAK("org.enclosure.core.machine.HostCore", changed -> changed.withEmptyBody("drain")),
    /// Any range will do.
    RANGE_UNCHECKED("org.enclosure.core.convert.GuestRange", changed -> changed.withEmptyBody("check")),
    /// The policy is not asked.
    POLICY_NOT_ASKED("org.enclosure.core.convert.ConversionGate", changed -> changed.withBody("decide", Bodies::allow)),
    /// The log of written pages does not hear of writes.
    WRITE_NOT_LOGGED("org.enclosure.core.dirty.DirtyTracking", changed -> changed.withTrue("note")),
    /// The log of written pages does not hear of conversions.
    CONVERSION_NOT_LOGGED("org.enclosure.core.convert.ConversionEngine", changed -> changed.withEmptyBody("markDirty")),
    /// A huge leaf covers pages of both kinds.
    MIXED_BLOCK_MAPPED("org.enclosure.core.slot.SlotEntry", changed -> changed.withTrue("isUniform"));

    /// What CI looks for; the others are looked for with `-Denclosure.mutants=all`.
    static final Set<EngineMutant> QUICK = Set.of(COUNT_BEFORE_SEQUENCE, SEQUENCE_BEFORE_COUNT,
            ATTRIBUTE_BEFORE_SNAPSHOT,
            NO_RECHECK, NO_PIN_CHECK, LAST_PAGE_LEFT_OUT);

    private final String changedClass;
    private final UnaryOperator<ChangedClass> change;
    private final List<Act> acts;

    EngineMutant(String changedClass, UnaryOperator<ChangedClass> change, Act... acts) {
        this.changedClass = changedClass;
        this.change = change;
        this.acts = List.of(acts);
    }

    String changedClass() {
        return changedClass;
    }

    UnaryOperator<ChangedClass> change() {
        return change;
    }

    /// The acts under the scheduler that find it; empty if the random driver does.
    List<Act> acts() {
        return acts;
    }

    /// Whether the conversion of pages that start shared is what shows it.
    boolean startsShared() {
        return acts.contains(CONVERT);
    }

    /// The classes that several change.
    private static final class Name {
        static final String DOMAIN = "org.enclosure.core.translation.TranslationDomain";
        static final String HOLDER = "org.enclosure.core.translation.TranslationHolder";
        static final String FAULT = "org.enclosure.core.fault.FaultCore";
        static final String MEMORY = "org.enclosure.core.vcpu.VcpuMemory";
        static final String ZAPPER = "org.enclosure.core.convert.Zapper";
        static final String FOLIOS = "org.enclosure.core.folio.FolioSupply";

        private Name() {
        }
    }

    /// New bodies of methods. Plain field accesses will do: one thread runs at a time.
    private static final class Bodies {
        private static final ClassDesc WORDS = ClassDesc.of("org.enclosure.core.translation.DomainWords");
        private static final ClassDesc DOMAIN = ClassDesc.of(Name.DOMAIN);
        private static final ClassDesc DECISION = ClassDesc.of("org.enclosure.api.policy.ConversionDecision");
        private static final int PAGE = 1;
        private static final int COUNT = 3;
        private static final int SNAPSHOT = 5;

        private Bodies() {
        }

        static void countBeforeSequence(CodeBuilder code) {
            add(code, "inProgress", -1);
            point(code);
            add(code, "sequence", 1);
            code.return_();
        }

        private static void add(CodeBuilder code, String field, long summand) {
            code.aload(0).dup().getfield(WORDS, field, ConstantDescs.CD_long).loadConstant(summand).ladd()
                    .putfield(WORDS, field, ConstantDescs.CD_long);
        }

        private static void point(CodeBuilder code) {
            code.ldc("mutant").invokestatic(ClassDesc.of(Hook.class.getName()), "point",
                    MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String));
        }

        static void sequenceBeforeCount(CodeBuilder code) {
            int seen = code.allocateLocal(java.lang.classfile.TypeKind.LONG);
            field(code, "sequence").lstore(seen);
            point(code);
            code.block(after -> {
                field(after, "inProgress").lconst_0().lcmp().ifle(after.breakLabel());
                after.lload(PAGE).lload(COUNT).ladd();
                field(after, "rangeStart").lcmp().ifle(after.breakLabel());
                after.lload(PAGE);
                field(after, "rangeEnd").lcmp().ifge(after.breakLabel());
                after.iconst_0().ireturn();
            });
            code.block(after -> {
                after.lload(seen).lload(SNAPSHOT).lcmp().ifne(after.breakLabel());
                after.iconst_1().ireturn();
            });
            code.iconst_0().ireturn();
        }

        private static CodeBuilder field(CodeBuilder code, String name) {
            return code.aload(0).getfield(WORDS, name, ConstantDescs.CD_long);
        }

        static CodeBuilder snapshot(CodeBuilder code) {
            return code.aload(0).getfield(ClassDesc.of(Name.FAULT), "domain", DOMAIN).invokevirtual(DOMAIN, "snapshot",
                    MethodTypeDesc.of(ConstantDescs.CD_long));
        }

        static void markUnzeroed(CodeBuilder code) {
            code.aload(1).lload(2).lload(4)
                    .invokevirtual(ClassDesc.of("org.enclosure.core.folio.FolioMap"), "markUnzeroed",
                            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long, ConstantDescs.CD_long))
                    .return_();
        }

        static void allow(CodeBuilder code) {
            code.getstatic(DECISION, "ALLOW", DECISION).areturn();
        }
    }
}
