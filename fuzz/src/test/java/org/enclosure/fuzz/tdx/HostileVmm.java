package org.enclosure.fuzz.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.tck.machine.BareMachine;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.tck.random.Choices;
import org.enclosure.tdx.TdxProvider;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// A machine with one TD, whose host calls the module as it wants, on few pages and with operands of all kinds.
final class HostileVmm implements AutoCloseable {
    private static final long TD = 0x10_0000;
    private static final int CONTROL_PAGES = 6;
    /// The control page that holds the root of the secure EPT.
    private static final long ROOT = TD + 4 * 0x1000;
    private static final int TOP = 3;
    private static final long FIRST_TABLE = 0x12_0000;
    private static final int TABLES = 16;
    private static final long FIRST_PAGE = 0x20_0000;
    private static final long LIST = 0x18_0000;
    private static final long BYTES = 8L << 20;
    private static final List<String> LEAVES = List.of("TDH.MEM.SEPT.ADD", "TDH.MEM.SEPT.REMOVE", "TDH.MEM.SEPT.RD",
            "TDH.MEM.PAGE.ADD", "TDH.MEM.PAGE.AUG", "TDH.MEM.PAGE.AUG", "TDH.MEM.PAGE.REMOVE", "TDH.MEM.PAGE.RELOCATE",
            "TDH.MEM.PAGE.PROMOTE", "TDH.MEM.PAGE.DEMOTE", "TDH.MEM.RANGE.BLOCK", "TDH.MEM.RANGE.UNBLOCK",
            "TDH.MEM.TRACK", "TDH.MEM.TRACK", "TDH.MEM.RD", "TDH.MEM.WR", "TDH.MR.EXTEND", "TDH.MR.FINALIZE",
            "TDH.EXPORT.BLOCKW", "TDH.EXPORT.UNBLOCKW", "TDH.EXPORT.MEM", "TDH.EXPORT.RESTORE", "TDH.IMPORT.MEM",
            "TDH.PHYMEM.PAGE.RDMD", "TDH.PHYMEM.PAGE.RECLAIM", "TDH.PHYMEM.PAGE.WBINVD", "TDH.PHYMEM.CACHE.WB",
            "TDH.MNG.CREATE", "TDH.MNG.ADDCX", "TDH.MNG.KEY.CONFIG", "TDH.MNG.KEY.RECLAIMID", "TDH.VP.CREATE",
            "TDH.VP.ADDCX", "TDH.VP.INIT", "TDH.SYS.TDMR.INIT", "TDG.MEM.PAGE.ACCEPT", "TDG.MEM.PAGE.ACCEPT",
            "VCPU.ENTER", "VCPU.EXIT", "TEST.SET_OP_STATE", "LIST");

    private final Choices choices;
    private final BareMachine machine = new BareMachine(Plugin.of(new TdxProvider()), BYTES);
    private final Map<String, Operation> operations = new HashMap<>();

    HostileVmm(Choices choices) {
        this.choices = choices;
        machine.platform().operations().list().forEach(operation -> operations.put(operation.name(), operation));
        invoke("TDH.MNG.CREATE", TD, 33);
        invoke("TDH.MNG.KEY.CONFIG", TD);
        for (int page = 1; page <= CONTROL_PAGES; page++) {
            invoke("TDH.MNG.ADDCX", TD + page * 0x1000L, TD);
        }
        invoke("SETUP.MNG_INIT", TD, choices.nextInt(2), 48, 1);
        for (int level = TOP; level > 0; level--) {
            assertEquals(0, invoke("TDH.MEM.SEPT.ADD", level, TD, FIRST_TABLE + (TOP - level) * 0x1000L));
        }
    }

    private long invoke(String name, long... operands) {
        Operation operation = operations.get(name);
        if (operation == null) {
            throw new AssertionError("no operation " + name);
        }
        OperationCall call = new OperationCall(operation);
        for (int i = 0; i < operands.length; i++) {
            call.in(i, operands[i]);
        }
        return machine.platform().operations().invoke(operation, call);
    }

    /// One call.
    void step() {
        String name = LEAVES.get(choices.nextInt(LEAVES.size()));
        if (name.equals("LIST")) {
            machine.memory().putLong(LIST + choices.nextInt(4) * 8L, choices.nextInt(4) == 0 ? choices.nextLong()
                    : (long) choices.nextInt(4) << 52 | gpa() & ~0xfffL | choices.nextInt(2) * 4L);
            machine.memory().putLong(LIST + 0x1000 + choices.nextInt(4) * 8L, page());
            return;
        }
        Operation operation = operations.get(name);
        if (operation == null) {
            throw new AssertionError("no operation " + name);
        }
        long[] operands = new long[operation.in().size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = operand(name, operation.in().get(i).name());
        }
        check(name, invoke(name, operands));
    }

    private long operand(String leaf, String name) {
        boolean isGuests = !name.startsWith("r");
        if (!isGuests && choices.nextInt(12) == 0) {
            return choices.nextLong();
        }
        boolean isPhysical = leaf.contains("PHYMEM") || leaf.contains("MNG") || leaf.contains(".VP.");
        return switch (name) {
            case "td" -> TD;
            case "vcpu" -> choices.nextInt(3);
            case "state" -> 1 + choices.nextInt(10);
            case "rcx" -> leaf.equals("TDH.MEM.TRACK") || leaf.equals("TDH.MR.FINALIZE") ? TD
                    : leaf.contains("EXPORT") && !leaf.endsWith("UNBLOCKW") || leaf.contains("IMPORT")
                            ? LIST | (long) choices.nextInt(4) << 55 : isPhysical ? page() : gpa();
            case "rdx" -> isPhysical && choices.nextBoolean() ? page() : TD;
            case "r9" -> LIST;
            case "r13" -> LIST + 0x1000;
            default -> page();
        };
    }

    private long gpa() {
        int level = choices.nextInt(8) < 5 ? 0 : choices.nextInt(8) < 6 ? 1 : choices.nextInt(5);
        long gpa = (long) choices.nextInt(2) << 21 | (long) choices.nextInt(4) << 12;
        return (choices.nextInt(16) == 0 ? gpa : gpa & -(1L << 12 + 9 * level)) | level;
    }

    private long page() {
        return switch (choices.nextInt(4)) {
            case 0 -> FIRST_TABLE + choices.nextInt(TABLES) * 0x1000L;
            case 1 -> FIRST_PAGE + ((long) choices.nextInt(2) << 21);
            case 2 -> TD + choices.nextInt(10) * 0x1000L;
            default -> FIRST_PAGE + ((long) choices.nextInt(2) << 21) + choices.nextInt(6) * 0x1000L;
        };
    }

    /// An error names its class and no reserved bits; what is no error is done, counted, or a warning.
    private static void check(String name, long rax) {
        assertEquals(0, rax >>> 48 & 0xfff, () -> name + " answers 0x" + Long.toHexString(rax));
        assertTrue(!TdxStatus.isError(rax) || TdxStatus.detailsL1(rax) != 0 || TdxStatus.classOf(rax) != 0,
                () -> name + " answers 0x" + Long.toHexString(rax));
    }

    // ---- tables ---------------------------------------------------------------------------------------------------------

    /// No page is mapped twice, what is mapped is the TD's by its metadata, and no two tables are one page.
    void checkTables() {
        if (type(TD) == PageType.TDR && type(ROOT) == PageType.TDCX) {
            walk(ROOT, TOP, new HashSet<>());
        }
    }

    private void walk(long table, int level, Set<Long> pages) {
        for (int i = 0; i < SeptEntry.COUNT; i++) {
            long entry = machine.memory().getLong(table + i * 8L);
            SeptState state = SeptEntry.state(entry);
            assertEquals(0, entry & SeptEntry.LOCK, "an entry that stays locked");
            if (state.isTable() && SeptEntry.hpa(entry, 0) != 0) {
                long page = SeptEntry.hpa(entry, 0);
                if (type(page) == PageType.EPT) { // else it was reclaimed, in teardown
                    assertTrue(pages.add(page), "a table in two places");
                    walk(page, level - 1, pages);
                }
            } else if (state.isPage()) {
                long page = SeptEntry.hpa(entry, level);
                for (long small = page; type(page) == PageType.REG
                        && small < page + (1L << 12 + 9 * level); small += 0x1000) {
                    assertTrue(pages.add(small), "a page in two places");
                }
            }
        }
    }

    private int type(long page) {
        Operation look = java.util.Objects.requireNonNull(operations.get("TDH.PHYMEM.PAGE.RDMD"));
        OperationCall call = new OperationCall(look);
        call.in(0, page);
        assertEquals(0, machine.platform().operations().invoke(look, call), "status of a look at metadata");
        return (int) call.out(0);
    }

    @Override
    public void close() {
        machine.close();
    }
}
