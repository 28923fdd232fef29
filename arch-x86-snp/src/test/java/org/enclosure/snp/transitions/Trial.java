package org.enclosure.snp.transitions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

import org.enclosure.snp.SnpProvider;
import org.enclosure.snp.wire.FaultBits;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;

/// A machine of 8 MiB, of which the RMP covers 6, with one page in a given state; its operations are called by name.
final class Trial implements AutoCloseable {
    static final long ASID = 5;
    static final long OTHER_ASID = 6;
    static final long SMALL = 0;
    static final long LARGE = 1;
    /// First page of the region under test.
    static final long REGION = 2L << 20;
    /// A free page in another region.
    static final long FREE = 0x40_7000;
    /// A page for a guest's context.
    static final long CONTEXT = 0x10_0000;
    /// Pages without an entry.
    static final long UNCOVERED = 6L << 20;
    /// Where the region is in the guest.
    static final long GPA = 0x4000_0000L;
    /// What is in the page under test.
    static final long CONTENT = 0x5ec2_e7d0_0d1eL;

    private static final long MEMORY = 8L << 20;
    private static final long COVERED_PAGES = 1536;
    private static final long PAGES = 512;
    private static final long INSIDE = 0x5000;
    private static final int FIRST_EVENT = 0x100;

    final Start start;
    /// Address of the page under test.
    final long at;
    /// Its address in the guest.
    final long gpa;
    final Arena arena = Arena.ofConfined();
    final PhysicalMemory memory = new PhysicalMemory(arena.allocate(MEMORY, 4096), 0);
    final Platform platform;

    private final Map<String, Operation> operations = new HashMap<>();
    private final Map<String, OperationCall> last = new HashMap<>();
    private long[] snapshot = {};

    Trial(Start start) {
        this.start = start;
        platform = new SnpProvider().open(new PlatformContext(memory,
                List.of(new MemoryRange(0, MEMORY, MemoryRange.Kind.RAM)),
                Map.of("rmp-pages", Long.toString(COVERED_PAGES))));
        platform.operations().list().forEach(operation -> operations.put(operation.name(), operation));
        boolean isDefault = start.name().equals("DEFAULT");
        at = isDefault ? UNCOVERED : start.isFirst() ? REGION : REGION + INSIDE;
        gpa = GPA + (at & 0x1f_ffff);
        memory.putLong(at, CONTENT);
        if (!isDefault) {
            put(at, start, gpa);
        }
    }

    /// Forces a page, or all of a region, into a state.
    void put(long spa, Start state, long gpaOfPage) {
        for (long i = 0; i < (state.isRegion() ? PAGES : 1); i++) {
            host("TEST.SET_ENTRY", spa + (i << 12), state.lo(gpaOfPage + (i << 12)), state.hi());
        }
    }

    // ---- calls ------------------------------------------------------------------------------------------------------------

    /// Calls an operation.
    ///
    /// @return its status
    long call(String name, long... in) {
        Operation operation = Objects.requireNonNull(operations.get(name), name);
        assertEquals(operation.in().size(), in.length, name + ": operands");
        OperationCall call = new OperationCall(operation);
        for (int i = 0; i < in.length; i++) {
            call.in(i, in[i]);
        }
        last.put(name, call);
        return platform.operations().invoke(operation, call);
    }

    /// An output of the last call of an operation.
    long out(String name, String field) {
        return Objects.requireNonNull(last.get(name)).out(index(name, field));
    }

    private int index(String name, String field) {
        List<Operation.Field> fields = Objects.requireNonNull(operations.get(name)).out();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(field)) {
                return i;
            }
        }
        throw new AssertionError(name + " has no output " + field);
    }

    /// Calls an instruction of the host.
    String host(String name, long... in) {
        return "EAX=" + call(name, in);
    }

    /// Calls a command of the firmware.
    String firmware(String name, long... in) {
        return String.format(Locale.ROOT, "0x%02X", call(name, in));
    }

    /// Calls an instruction of the guest, or makes an access.
    String guest(String name, long... in) {
        long status = call(name, in);
        if (status < FIRST_EVENT) {
            boolean hasCarry = name.equals("PVALIDATE") && status == 0;
            return "EAX=" + status + (hasCarry ? " CF=" + out(name, "cf") : "");
        }
        return switch ((int) status - FIRST_EVENT) {
            case 1 -> "NPF " + bits(out(name, "info"));
            case 2 -> "VC 0x" + Long.toHexString(out(name, "info"));
            case 3 -> "GP";
            case 4 -> "UD";
            default -> "PF " + bits(out(name, "info"));
        };
    }

    private static String bits(long info) {
        StringJoiner names = new StringJoiner("|");
        for (String name : List.of("RMP", "ENC", "SIZEM", "VMPL", "SSS")) {
            if ((info >>> FaultBits.bit(name) & 1) != 0) {
                names.add(name);
            }
        }
        return names.toString();
    }

    String rmpupdate(long spa, long assigned, long size, long immutable, long newGpa, long asid) {
        return host("RMPUPDATE", spa, assigned, size, immutable, newGpa, asid, 0);
    }

    String pvalidate(long asid, long operand, long spa, long size, long validate) {
        return guest("PVALIDATE", asid, 0, 0, 1, operand, spa, size, validate);
    }

    String rmpadjust(long vmpl, long size, long target, long perms, long vmsa) {
        return guest("RMPADJUST", ASID, vmpl, 0, 1, gpa, at, size, target, perms, vmsa);
    }

    /// Creates a guest that is being launched and active.
    void launch(long imiOnly) {
        rmpupdate(CONTEXT, 1, SMALL, 1, 0, 0);
        assertEquals("0x00", firmware("SNP_GCTX_CREATE", CONTEXT));
        assertEquals("0x00", firmware("SNP_LAUNCH_START", CONTEXT, 0x30000, imiOnly));
        assertEquals("0x00", firmware("SNP_ACTIVATE", CONTEXT, ASID));
    }

    String launchUpdate(long size, long type) {
        return firmware("SNP_LAUNCH_UPDATE", CONTEXT, at, size, type, 0, 0);
    }

    /// The launch digest.
    byte[] digest() {
        call("STATE.GUEST", CONTEXT);
        return Objects.requireNonNull(last.get("STATE.GUEST")).outBytes(index("STATE.GUEST", "ld_bytes"));
    }

    // ---- what is there afterwards -----------------------------------------------------------------------------------------

    /// A field of the entry that counts for a page.
    long entry(long spa, String field) {
        call("STATE.RMP", spa);
        return out("STATE.RMP", field);
    }

    String stateName(long spa) {
        call("STATE.RMP", spa);
        byte[] name = Objects.requireNonNull(last.get("STATE.RMP")).outBytes(0);
        return new String(name, StandardCharsets.US_ASCII);
    }

    void remember() {
        snapshot = entries();
    }

    void assertUnchanged() {
        assertArrayEquals(snapshot, entries(), "entries of the region");
    }

    /// The entries around the page under test; of pages without entries that is 0.
    private long[] entries() {
        long[] words = new long[(int) PAGES * 2];
        long first = at & -(PAGES << 12);
        for (int i = 0; i < PAGES; i++) {
            words[i * 2] = entry(first + ((long) i << 12), "lo");
            words[i * 2 + 1] = entry(first + ((long) i << 12), "hi");
        }
        return words;
    }

    /// Whether the page under test is in a state: its name, and its size where one is given.
    void assertState(Start wanted, boolean hasSize) {
        long pages = wanted.isRegion() ? PAGES : 1;
        for (long i = 0; i < pages; i++) {
            assertPage(at + (i << 12), wanted, hasSize);
        }
    }

    private void assertPage(long spa, Start wanted, boolean hasSize) {
        String page = "page 0x" + Long.toHexString(spa);
        boolean isIommus = wanted.name().equals("FIRMWARE_IOMMU");
        assertEquals(isIommus ? "FIRMWARE" : wanted.name(), stateName(spa), page);
        if (hasSize) {
            assertEquals(wanted.isLarge() ? 1 : 0, entry(spa, "large"), page + " size");
        }
        if (wanted.isVmsa()) {
            assertEquals(1, entry(spa, "vmsa_page"), page + " VMSA");
        }
        if (isIommus) {
            assertEquals(0x1000, entry(spa, "gpa"), page + " gpa");
        }
        if (wanted.isGuest() && start.isGuest()) {
            boolean isVm = wanted.isLarge() || !hasSize;
            assertEquals(entry(at, "asid"), entry(spa, "asid"), page + " asid");
            assertEquals(isVm ? entry(at, "gpa") : entry(at, "gpa") + spa - at, entry(spa, "gpa"), page + " gpa");
        }
    }

    @Override
    public void close() {
        platform.close();
        arena.close();
    }
}
