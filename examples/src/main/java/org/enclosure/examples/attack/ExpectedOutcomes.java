package org.enclosure.examples.attack;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.examples.guest.EchoProtocol;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.jspecify.annotations.Nullable;

/// What each attack has to get, written down from the rules of the architecture before anything was observed. Immutable.
///
/// Most of it follows from a VM type's traits and its backing, and from nothing else: a host mapping of private memory is
/// SIGBUS on every architecture. What follows from the architecture's own interface and tables stands in [ArchitectureRules].
public final class ExpectedOutcomes {
    private static final String OWN = "; guest sees its own bytes";
    private static final String ZEROES = "; guest sees zeroes";
    private static final String UNACCEPTED = "; guest sees event unaccepted";
    private static final String STOPPED = "; guest sees stop with SHUTDOWN";
    private static final String TO_VMM = "; guest sees stop with ERROR";
    private static final String RUBBISH = "; guest sees other bytes";
    private static final String UNCHANGED = "; nothing changed";
    private static final String ALTERNATIVE = " or ";

    private final Map<String, String> byAttack;

    private ExpectedOutcomes(Map<String, String> byAttack) {
        this.byAttack = Map.copyOf(byAttack);
    }

    /// The outcomes on one VM type.
    ///
    /// @param isSplit whether the shared half lives in memory of its own
    public static ExpectedOutcomes of(String architecture, VmTraits traits, boolean isSplit) {
        Map<String, String> all = new HashMap<>();
        ArchitectureRules rules = ArchitectureRules.of(architecture, traits);
        calls(all, rules);
        mapping(all, isSplit);
        raw(all, rules, afterSlot(traits));
        slots(all, traits);
        if (architecture.equals(CcaCalls.ID)) {
            all.putAll(CcaCalls.TAKEN);
        }
        if (architecture.equals("x86-snp")) {
            all.putAll(SnpAttacks.outcomes(traits));
        }
        return new ExpectedOutcomes(all);
    }

    /// What an attack has to get; null if nothing is written down for it, which is a failure.
    public @Nullable String of(String attack) {
        return byAttack.get(attack);
    }

    /// Whether an attack got what it has to get.
    public boolean isMetBy(String attack, String observed) {
        String expected = byAttack.get(attack);
        return expected != null && List.of(expected.split(ALTERNATIVE, -1)).contains(observed);
    }

    /// Whether the guest is not to survive an attack: its architecture rather ends it than lets it work with a page that was
    /// tampered with.
    public boolean isFatal(String attack) {
        String expected = byAttack.get(attack);
        return expected != null && (expected.endsWith(STOPPED) || expected.endsWith(TO_VMM));
    }

    /// These outcomes with one replaced.
    public ExpectedOutcomes with(String attack, String outcome) {
        Map<String, String> next = new HashMap<>(byAttack);
        next.put(attack, outcome);
        return new ExpectedOutcomes(next);
    }

    /// A range that is not page aligned, empty or wrapping, and reserved bits, are malformed. A range that would become private
    /// where nothing is, is refused by the host, and changes no page where its first part is legal.
    private static void calls(Map<String, String> all, ArchitectureRules rules) {
        for (String attack : List.of(AttackNames.UNALIGNED, AttackNames.NO_PAGES, AttackNames.WRAPPING,
                AttackNames.RESERVED_BITS,
                AttackNames.BAD_ACCEPT, AttackNames.BAD_BUFFER)) {
            all.put(attack, rules.malformed() + UNCHANGED);
        }
        for (String attack : List.of(AttackNames.OUTSIDE, AttackNames.OVERLAPPING)) {
            all.put(attack, rules.refused() + UNCHANGED);
        }
        all.put(AttackNames.UNKNOWN_CALL, rules.unknown() + UNCHANGED);
        all.put(AttackNames.SHARED_ALREADY, rules.malformed() + UNCHANGED);
        all.put(AttackNames.WRONG_STATE, rules.malformed() + UNCHANGED);
        all.put(AttackNames.NO_MEMORY, "stop with MEMORY_FAULT" + UNCHANGED);
        rules.exceptions().forEach((attack, answer) -> all.put(attack, answer + UNCHANGED));
        // An instruction that does not exist is an exception; a guest that does not handle it dies of it, and only the guest.
        all.put(AttackNames.UNKNOWN_INSTRUCTION, "event abort" + UNCHANGED);
        all.put(AttackNames.BAD_LENGTH, EchoProtocol.BAD_LENGTH + UNCHANGED);
    }

    /// In place, a private page of the store raises SIGBUS in every mapping and cannot be pinned; the echo device is a host
    /// process like any other. Split, the mapping holds the shared half alone, which the guest does not look at, and the store
    /// cannot be mapped at all.
    private static void mapping(Map<String, String> all, boolean isSplit) {
        String sigbus = "SIGBUS" + OWN;
        all.put(AttackNames.READ_MAPPED, isSplit ? HostReach.OTHER_BYTES + OWN : sigbus);
        all.put(AttackNames.WRITE_MAPPED, isSplit ? HostReach.NO_ERROR + OWN : sigbus);
        all.put(AttackNames.MAP_AGAIN, isSplit ? "ENODEV" + OWN : sigbus);
        all.put(AttackNames.PIN, (isSplit ? HostReach.NO_ERROR : "EFAULT") + OWN);
        all.put(AttackNames.PRIVATE_BUFFER, isSplit ? "the device reaches other bytes" : "the device gets SIGBUS");
    }

    /// Raw access by physical address. A page that a write has poisoned ends the guest that touches it.
    private static void raw(Map<String, String> all, ArchitectureRules rules, String afterSlot) {
        all.put(AttackNames.READ_RAW, each(rules.rawRead(), OWN));
        all.put(AttackNames.READ_WITHOUT_SLOT, each(rules.rawRead(), afterSlot));
        boolean isLetThrough = rules.rawWrite().equals(HostReach.NO_ERROR);
        String write = rules.rawWrite()
                + (rules.rawWrite().equals(ArchitectureRules.POISONED) ? STOPPED : isLetThrough ? RUBBISH : OWN);
        all.put(AttackNames.WRITE_RAW, write);
        if (isLetThrough) {
            all.put(AttackNames.REPLAY, RawAttacks.PUT_BACK + RUBBISH);
            return;
        }
        String nothingSaved = RawAttacks.NOTHING_SAVED + " (" + ArchitectureRules.DENIED + ")" + OWN;
        boolean saves = rules.rawRead().contains(HostReach.OTHER_BYTES);
        boolean mayRefuse = rules.rawRead().contains(ArchitectureRules.DENIED);
        all.put(AttackNames.REPLAY, !saves ? nothingSaved : mayRefuse ? nothingSaved + ALTERNATIVE + write : write);
    }

    /// A page of a store has one binding and a guest address one memslot. Where the guest accepts its pages, a page that it has
    /// not accepted raises an event before it is used. Where it does not, nothing protects it from another page of its own
    /// store: it sees zeroes, or, where bytes are kept, what it wrote there before. That is no secret lost, but it is no
    /// integrity either.
    private static void slots(Map<String, String> all, VmTraits traits) {
        boolean accepts = traits.has(VmTrait.ACCEPT_NEEDED);
        all.put(AttackNames.ALIAS, "EEXIST" + OWN);
        all.put(AttackNames.OVERLAP, "EEXIST" + OWN);
        all.put(AttackNames.PUNCH, HostReach.NO_ERROR + (accepts ? UNACCEPTED : ZEROES));
        all.put(AttackNames.REMAP,
                (accepts ? "guest sees event unaccepted" : "guest sees zeroes") + " meanwhile" + afterSlot(traits));
        boolean seesOld = !accepts && afterSlot(traits).equals(OWN);
        String old = seesOld ? "; guest sees old bytes" : afterSlot(traits);
        all.put(AttackNames.REMAP_BACK,
                (accepts ? "guest meets event unaccepted" : "guest writes") + " meanwhile" + old);
        if (traits.has(VmTrait.PAGES_STAY)) {
            staying(all);
        }
    }

    /// Pages that stay the guest's hold their memslot in its place, and the tables refuse a hole.
    private static void staying(Map<String, String> all) {
        for (String attack : List.of(AttackNames.REMAP, AttackNames.REMAP_BACK, AttackNames.READ_WITHOUT_SLOT)) {
            all.put(attack, "EPERM" + OWN);
        }
        all.put(AttackNames.PUNCH, "EIO" + OWN);
    }

    /// What the guest sees of its pages when their memslot was gone for a while. A page lives on in its store, and stays the
    /// guest's where the record of owners needs no guest address. A backend's own stage 2 has to let it go; where that costs the
    /// bytes, the page is a new one.
    private static String afterSlot(VmTraits traits) {
        if (traits.engineOwns(true) || traits.has(VmTrait.CONTENT_KEPT)) {
            return OWN;
        }
        return traits.has(VmTrait.ACCEPT_NEEDED) ? UNACCEPTED : ZEROES;
    }

    private static String each(String alternatives, String suffix) {
        return String.join(ALTERNATIVE,
                List.of(alternatives.split(ALTERNATIVE, -1)).stream().map(one -> one + suffix).toList());
    }
}
