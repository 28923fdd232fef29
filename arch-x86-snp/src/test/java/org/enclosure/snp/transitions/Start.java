package org.enclosure.snp.transitions;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.enclosure.snp.wire.RmpEntry;

/// A state of a page: its name, whether the page is of 2M, all 512 pages of a region, or the first of one, and whether it is a vCPU's.
record Start(String name, boolean isLarge, boolean isRegion, boolean isHead, boolean isVmsa) {
    /// Permissions that nobody has by default, so that it shows whether they are kept.
    static final long PERMISSIONS = 0x01_03_07_1fL;

    private static final Pattern TOKEN = Pattern
            .compile(
                    "(DEFAULT|[A-Z_]+|GUEST_\\*|PRE_\\*)(\\+VMSA)?( 2M| x512(?: 4K)?| 4K)?( head)?(?![A-Z_a-z0-9*]).*");
    private static final List<String> MUTABLE = List.of("HYPERVISOR", "RECLAIM", "GUEST_INVALID", "GUEST_VALID");
    private static final List<String> ASSIGNED = List.of("FIRMWARE", "RECLAIM", "CONTEXT", "METADATA", "PRE_GUEST",
            "PRE_SWAP", "GUEST_INVALID", "GUEST_VALID");
    private static final List<String> ANY = List.of("HYPERVISOR", "HV_FIXED", "FIRMWARE", "RECLAIM", "CONTEXT",
            "METADATA", "PRE_GUEST", "PRE_SWAP", "GUEST_INVALID", "GUEST_VALID");

    /// The states that a cell means.
    static List<Start> of(String cell) {
        return switch (cell) {
            case "any", "any covered" -> ANY.stream().map(Start::named).toList();
            case "any mutable" -> MUTABLE.stream().map(Start::named).toList();
            case "assigned" -> ASSIGNED.stream().map(Start::named).toList();
            case "zero", "-", "(no page change)" -> List.of(named("HYPERVISOR"));
            case "any 2M" -> of("GUEST_* 2M");
            case "any 4K" -> of("GUEST_* 4K");
            case "PRE_GUEST/PRE_SWAP", "PRE_SWAP/PRE_GUEST" -> of("PRE_*");
            case "FIRMWARE(IOMMU pages)" -> of("FIRMWARE_IOMMU");
            default -> parsed(cell);
        };
    }

    /// All states of 4K pages but one.
    static String[] anyBut(String name) {
        return ANY.stream().filter(other -> !other.equals(name)).toArray(String[]::new);
    }

    private static List<Start> parsed(String cell) {
        Matcher matcher = TOKEN.matcher(cell);
        if (!matcher.matches()) {
            throw new AssertionError("no state of a page: '" + cell + "'");
        }
        List<String> names = switch (matcher.group(1)) {
            case "GUEST_*" -> List.of("GUEST_INVALID", "GUEST_VALID");
            case "PRE_*" -> List.of("PRE_GUEST", "PRE_SWAP");
            default -> List.of(matcher.group(1));
        };
        String size = String.valueOf(matcher.group(3));
        return names.stream().map(name -> new Start(name, size.equals(" 2M"), size.startsWith(" x512"),
                matcher.group(4) != null, matcher.group(2) != null)).toList();
    }

    private static Start named(String name) {
        return new Start(name, false, false, false, false);
    }

    /// Whether the first page of a region is meant.
    boolean isFirst() {
        return isLarge || isRegion || isHead;
    }

    boolean isGuest() {
        return name.startsWith("GUEST_") || name.startsWith("PRE_");
    }

    /// The low word of the entry.
    long lo(long gpa) {
        long flags = switch (name) {
            case "DEFAULT", "HYPERVISOR" -> 0;
            case "HV_FIXED" -> RmpEntry.IMMUTABLE;
            case "FIRMWARE", "FIRMWARE_IOMMU" -> RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE;
            case "RECLAIM" -> RmpEntry.ASSIGNED;
            case "CONTEXT" -> RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE | RmpEntry.VMSA;
            case "METADATA" -> RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE | Trial.CONTEXT;
            case "PRE_GUEST" -> RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE;
            case "PRE_SWAP" -> RmpEntry.ASSIGNED | RmpEntry.IMMUTABLE | RmpEntry.VALIDATED;
            case "GUEST_INVALID" -> RmpEntry.ASSIGNED;
            case "GUEST_VALID" -> RmpEntry.ASSIGNED | RmpEntry.VALIDATED;
            default -> throw new AssertionError("no state of a page: '" + name + "'");
        };
        long iommu = name.equals("FIRMWARE_IOMMU") ? 0x1000 : 0;
        long size = isLarge ? RmpEntry.LARGE : 0;
        long vmsa = isVmsa ? RmpEntry.VMSA : 0;
        return flags | size | vmsa | iommu | (isGuest() ? RmpEntry.of(0, gpa, Trial.ASID, 0) : 0);
    }

    /// The high word of the entry.
    long hi() {
        return isGuest() ? PERMISSIONS : 0;
    }

    @Override
    public String toString() {
        return name + (isVmsa ? "+VMSA" : "") + (isLarge ? " 2M" : "") + (isRegion ? " x512" : "")
                + (isHead ? " head" : "");
    }
}
