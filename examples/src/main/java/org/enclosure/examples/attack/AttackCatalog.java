package org.enclosure.examples.attack;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.VmTraits;

/// Which attacks are made on which architecture. Those of the host need nothing of the architecture; those of the guest need its
/// calls. An architecture brings more by a line here and its outcomes in [ExpectedOutcomes].
public final class AttackCatalog {
    private AttackCatalog() {
    }

    /// The attacks on an architecture, in the order in which they are made: those that cost the guest its pages come last.
    public static List<Attack> of(String architecture) {
        List<Attack> attacks = new ArrayList<>(calls(architecture));
        attacks.add(GuestAttack.of(AttackNames.UNKNOWN_INSTRUCTION, CallAttacks::unknownInstruction));
        attacks.add(GuestAttack.withBuffer(AttackNames.BAD_LENGTH, RingAttacks::badLength));
        attacks.add(new RingAttacks.PrivateBuffer());
        attacks.addAll(host());
        return attacks;
    }

    /// The attacks that need the plugin itself, for a machine without an engine or a driver of another guest.
    public static List<Attack> withPlugin(ArchitectureProvider provider, VmTraits traits) {
        return provider.id().equals("x86-snp") ? SnpAttacks.ofHost(provider, traits) : List.of();
    }

    private static List<Attack> calls(String architecture) {
        return switch (architecture) {
            case "software" -> CallAttacks.of(new KvmCalls());
            case "test" -> testArch();
            case "arm64-pkvm" -> PkvmCalls.attacks();
            case CcaCalls.ID -> CallAttacks.of(new CcaCalls());
            case "x86-snp" -> SnpAttacks.ofGuest();
            case "x86-tdx" -> TdxCalls.attacks();
            default -> List.of();
        };
    }

    private static List<Attack> testArch() {
        List<Attack> attacks = new ArrayList<>(CallAttacks.of(new TestArchCalls()));
        attacks.add(GuestAttack.of(AttackNames.BAD_ACCEPT, TestArchCalls::badAccept));
        attacks.add(GuestAttack.withBuffer(AttackNames.BAD_BUFFER, TestArchCalls::badBatch));
        return attacks;
    }

    private static List<Attack> host() {
        return List.of(new HostAttack(AttackNames.READ_MAPPED, MappingAttacks::read),
                new HostAttack(AttackNames.WRITE_MAPPED, MappingAttacks::write),
                new HostAttack(AttackNames.MAP_AGAIN, MappingAttacks::mapAgain),
                new HostAttack(AttackNames.PIN, MappingAttacks::pin),
                new HostAttack(AttackNames.READ_RAW, RawAttacks::read),
                new HostAttack(AttackNames.WRITE_RAW, RawAttacks::write),
                new HostAttack(AttackNames.REPLAY, RawAttacks::replay),
                new HostAttack(AttackNames.ALIAS, SlotAttacks::alias),
                new HostAttack(AttackNames.OVERLAP, SlotAttacks::overlap),
                new HostAttack(AttackNames.READ_WITHOUT_SLOT, RawAttacks::readWithoutSlot),
                new HostAttack(AttackNames.REMAP, SlotAttacks::remap),
                new HostAttack(AttackNames.REMAP_BACK, SlotAttacks::remapBack),
                new HostAttack(AttackNames.PUNCH, SlotAttacks::punch));
    }
}
