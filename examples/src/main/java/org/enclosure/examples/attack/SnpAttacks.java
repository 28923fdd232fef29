package org.enclosure.examples.attack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;

/// The attacks that x86-snp brings, and what each has to get: the GHCB specification's and KVM's answers to malformed requests, the
/// access checks of AMD APM volume 2, 15.36, and Linux's checks of a host's answers.
final class SnpAttacks {
    static final String PSC_UNALIGNED = "page state change of an unaligned 2M page";
    static final String PSC_OUTSIDE = "page state change at the end of the address space";
    static final String PSC_HEADER = "page state change with too many entries";
    static final String PSC_CUR_PAGE = "page state change that is more than done";
    static final String PSC_MSR = "unknown operation by the GHCB MSR";
    static final String UNREGISTERED = "GHCB that is not registered";
    static final String SCRATCH = "scratch area outside of the GHCB";
    static final String UNMARKED = "GHCB fields that are not marked valid";
    static final String USAGE = "GHCB of an unknown usage";
    static final String EVENT = "unknown GHCB event";
    static final String RMPADJUST = "RMPADJUST of the own privilege level";
    static final String MOVE_GPA = "RMPUPDATE a page to another gpa";
    static final String MOVE_ASID = "RMPUPDATE a page to another guest";
    static final String MOVE_NPT = "point the nested page table at another page";
    static final String GIVE_BACK = "take a page and give it back";
    static final String TWICE = "put a second page behind a gpa";
    static final String SIZES = "map 4K of a 2M page";
    static final String WRITE = "write an assigned page";
    static final String READ = "read an assigned page";
    static final String VALIDATE_TWICE = "make the guest validate twice";
    static final String END_GROWN = "answer a page state change with more entries";
    static final String CUR_BACK = "answer a page state change by going back";
    static final String RESERVED_SET = "answer a page state change with reserved bits";
    static final String NO_PROGRESS = "answer a page state change without progress";
    static final String GUEST_STOPS = "the guest stops";

    private static final String UNCHANGED = "; nothing changed";
    private static final long INVALID_HEADER = 1L << 32 | 1;
    private static final long INVALID_ENTRY = 1L << 32 | 2;
    private static final long GENERIC_ERROR = 0x100L << 32;
    private static final long MSR_ERROR = 0x8000_0000L;
    private static final int NOT_REGISTERED = 1;
    private static final int INVALID_USAGE = 2;
    private static final int INVALID_SCRATCH = 3;
    private static final int MISSING_INPUT = 4;
    private static final int INVALID_EVENT = 6;
    private static final int FAIL_PERMISSION = 2;

    private SnpAttacks() {
    }

    /// What a hostile guest tries; on an SEV or SEV-ES guest the same instructions do not exist, or end it.
    static List<Attack> ofGuest() {
        List<Attack> attacks = new ArrayList<>(CallAttacks.of(new SevCalls()));
        attacks.add(GuestAttack.withBuffer(PSC_UNALIGNED, SnpCalls::unaligned));
        attacks.add(GuestAttack.withBuffer(PSC_OUTSIDE, SnpCalls::outside));
        attacks.add(GuestAttack.withBuffer(PSC_HEADER, SnpCalls::header));
        attacks.add(GuestAttack.withBuffer(PSC_CUR_PAGE, SnpCalls::curPage));
        attacks.add(GuestAttack.of(PSC_MSR, SnpCalls::unknownMsrOperation));
        attacks.add(GuestAttack.withBuffer(UNREGISTERED, SnpCalls::unregistered));
        attacks.add(GuestAttack.withBuffer(SCRATCH, SnpCalls::scratch));
        attacks.add(GuestAttack.withBuffer(UNMARKED, SnpCalls::unmarked));
        attacks.add(GuestAttack.withBuffer(USAGE, SnpCalls::usage));
        attacks.add(GuestAttack.withBuffer(EVENT, SnpCalls::event));
        attacks.add(GuestAttack.of(RMPADJUST, SnpCalls::adjust));
        return attacks;
    }

    /// What a hostile host tries with the machine's operations, and with its answers to the guest's driver. The former run on a bare
    /// machine: an engine lets nobody move its pages.
    static List<Attack> ofHost(ArchitectureProvider provider, VmTraits traits) {
        if (!traits.has(VmTrait.ACCEPT_NEEDED)) {
            return List.of();
        }
        List<Attack> attacks = new ArrayList<>(SnpMachineAttacks.of(provider));
        attacks.add(new SnpDriverAttacks(VALIDATE_TWICE, provider, SnpDriverAttacks::validateTwice));
        attacks.add(new SnpDriverAttacks(END_GROWN, provider, SnpDriverAttacks::endGrown));
        attacks.add(new SnpDriverAttacks(CUR_BACK, provider, SnpDriverAttacks::curBack));
        attacks.add(new SnpDriverAttacks(RESERVED_SET, provider, SnpDriverAttacks::reservedSet));
        attacks.add(new SnpDriverAttacks(NO_PROGRESS, provider, SnpDriverAttacks::noProgress));
        return attacks;
    }

    /// What they have to get.
    static Map<String, String> outcomes(VmTraits traits) {
        Map<String, String> all = new HashMap<>();
        boolean snp = traits.has(VmTrait.ACCEPT_NEEDED);
        guest(all, snp);
        if (snp) {
            machine(all);
            for (String attack : List.of(VALIDATE_TWICE, END_GROWN, CUR_BACK, RESERVED_SET, NO_PROGRESS)) {
                all.put(attack, GUEST_STOPS);
            }
        }
        return all;
    }

    private static void guest(Map<String, String> all, boolean snp) {
        if (snp) {
            // VMMCALL raises #VC in a guest with encrypted registers.
            for (String attack : List.of(AttackNames.UNALIGNED, AttackNames.NO_PAGES, AttackNames.WRAPPING,
                    AttackNames.OUTSIDE, AttackNames.OVERLAPPING, AttackNames.RESERVED_BITS,
                    AttackNames.UNKNOWN_CALL)) {
                all.put(attack, "event abort" + UNCHANGED);
            }
        }
        Map<String, Long> answers = Map.ofEntries(Map.entry(PSC_UNALIGNED, INVALID_ENTRY),
                Map.entry(PSC_OUTSIDE, GENERIC_ERROR), Map.entry(PSC_HEADER, INVALID_HEADER),
                Map.entry(PSC_CUR_PAGE, INVALID_ENTRY), Map.entry(PSC_MSR, MSR_ERROR),
                Map.entry(UNREGISTERED, (long) NOT_REGISTERED), Map.entry(SCRATCH, (long) INVALID_SCRATCH),
                Map.entry(UNMARKED, (long) MISSING_INPUT), Map.entry(USAGE, (long) INVALID_USAGE),
                Map.entry(EVENT, (long) INVALID_EVENT), Map.entry(RMPADJUST, (long) FAIL_PERMISSION));
        // SEV has none of these instructions; SEV-ES ends a guest that asks for what only SNP guests have.
        answers.forEach((attack, answer) -> all.put(attack,
                snp ? answer + UNCHANGED : "event abort" + UNCHANGED + " or stop with SHUTDOWN" + UNCHANGED));
    }

    private static void machine(Map<String, String> all) {
        String moved = "through the new one #VC 0x404, through the old one NPF RMP ENC, moved back #VC 0x404";
        all.put(MOVE_GPA, moved);
        all.put(MOVE_ASID, moved);
        all.put(MOVE_NPT, "NPF RMP ENC");
        all.put(GIVE_BACK, "#VC 0x404, validated again OK");
        all.put(TWICE, "#VC 0x404, validated with carry 0, the old page OK");
        all.put(SIZES, "NPF RMP ENC SIZEM, smashed, OK");
        all.put(WRITE, "PF RMP, bytes as they were");
        all.put(READ, "no fault, other bytes");
    }
}
