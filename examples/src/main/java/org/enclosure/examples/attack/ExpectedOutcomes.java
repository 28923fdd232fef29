package org.enclosure.examples.attack;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.jspecify.annotations.Nullable;

/// What each attack has to get, written down from the rules of the architecture before anything was observed. Immutable.
///
/// Most of it follows from a VM type's traits and its backing, and from nothing else: a host mapping of private memory is
/// SIGBUS on every architecture. What follows from the architecture's own tables stands in a table of its own; an architecture
/// that is not listed there may refuse a raw access or answer it with bytes that are not the guest's, as it likes.
public final class ExpectedOutcomes {
    private static final String SIGBUS = "SIGBUS";
    private static final String DENIED = "DENIED";
    private static final String EINVAL = "-22; nothing changed";
    private static final String OWN = "; guest sees its own bytes";
    private static final String UNACCEPTED = "; guest sees event unaccepted";
    private static final String ALTERNATIVE = " or ";

    /// What a raw access of the host to a private frame gets. `software` keeps a record of which frame is private and refuses.
    private static final Map<String, String> RAW_ACCESS = Map.of("software", DENIED);

    private final Map<String, String> byAttack;

    private ExpectedOutcomes(Map<String, String> byAttack) {
        this.byAttack = Map.copyOf(byAttack);
    }

    /// The outcomes on one VM type.
    ///
    /// @param isSplit whether the shared half lives in memory of its own
    public static ExpectedOutcomes of(String architecture, VmTraits traits, boolean isSplit) {
        Map<String, String> all = new HashMap<>();
        guest(all, isSplit);
        mapping(all, isSplit);
        raw(all, RAW_ACCESS.get(architecture));
        slots(all, traits.has(VmTrait.ACCEPT_NEEDED));
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

    /// These outcomes with one replaced.
    public ExpectedOutcomes with(String attack, String outcome) {
        Map<String, String> next = new HashMap<>(byAttack);
        next.put(attack, outcome);
        return new ExpectedOutcomes(next);
    }

    /// KVM's rules for MAP_GPA_RANGE: a range that is not page aligned, empty or wrapping is -EINVAL, and so is one that would
    /// make a page private where nothing is; a refused request changes no page, also where its first part is legal. A call
    /// that the VMM does not know is refused.
    private static void guest(Map<String, String> all, boolean isSplit) {
        all.put(AttackNames.UNALIGNED, EINVAL);
        all.put(AttackNames.NO_PAGES, EINVAL);
        all.put(AttackNames.WRAPPING, EINVAL);
        all.put(AttackNames.OUTSIDE, EINVAL);
        all.put(AttackNames.OVERLAPPING, EINVAL);
        all.put(AttackNames.RESERVED_BITS, EINVAL);
        all.put(AttackNames.UNKNOWN_CALL, EINVAL);
        // An instruction that does not exist is an exception; a guest that does not handle it dies of it, and only the guest.
        all.put(AttackNames.UNKNOWN_INSTRUCTION, "event abort; nothing changed");
        all.put(AttackNames.BAD_LENGTH, "refused by the device");
        // The device is a host process: it reaches private memory as little as any other.
        all.put(AttackNames.PRIVATE_BUFFER, isSplit ? "the device reaches other bytes" : "the device gets SIGBUS");
    }

    /// In place, a private page of the store raises SIGBUS in every mapping and cannot be pinned. Split, the mapping holds the
    /// shared half alone, which the guest does not look at, and the store cannot be mapped at all.
    private static void mapping(Map<String, String> all, boolean isSplit) {
        all.put(AttackNames.READ_MAPPED, (isSplit ? HostReach.OTHER_BYTES : SIGBUS) + OWN);
        all.put(AttackNames.WRITE_MAPPED, (isSplit ? HostReach.NO_ERROR : SIGBUS) + OWN);
        all.put(AttackNames.MAP_AGAIN, (isSplit ? "ENODEV" : SIGBUS) + OWN);
        all.put(AttackNames.PIN, (isSplit ? HostReach.NO_ERROR : "EFAULT") + OWN);
    }

    private static void raw(Map<String, String> all, @Nullable String access) {
        boolean isKnown = access != null;
        String read = isKnown ? access + OWN : DENIED + OWN + ALTERNATIVE + HostReach.OTHER_BYTES + OWN;
        all.put(AttackNames.READ_RAW, read);
        all.put(AttackNames.READ_WITHOUT_SLOT, read);
        all.put(AttackNames.WRITE_RAW, (isKnown ? access : DENIED) + OWN);
        String nothingSaved = RawAttacks.NOTHING_SAVED + " (" + DENIED + ")" + OWN;
        all.put(AttackNames.REPLAY, isKnown ? nothingSaved : nothingSaved + ALTERNATIVE + DENIED + OWN);
    }

    /// A page of a store has one binding and a guest address one memslot. Where the guest accepts its pages, a page that it has
    /// not accepted raises an event before it is used; where it does not, nothing protects it from another page of its own
    /// store: it sees zeroes, or what it wrote there before. That is no secret lost, but it is no integrity either.
    private static void slots(Map<String, String> all, boolean accepts) {
        all.put(AttackNames.ALIAS, "EINVAL" + OWN);
        all.put(AttackNames.OVERLAP, "EEXIST" + OWN);
        all.put(AttackNames.PUNCH, HostReach.NO_ERROR + (accepts ? UNACCEPTED : "; guest sees zeroes"));
        all.put(AttackNames.REMAP,
                accepts ? "guest sees event unaccepted meanwhile" + UNACCEPTED : "guest sees zeroes meanwhile" + OWN);
        all.put(AttackNames.REMAP_BACK,
                accepts ? "guest meets event unaccepted meanwhile" + UNACCEPTED
                        : "guest writes meanwhile; guest sees old bytes");
    }
}
