package org.enclosure.pkvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.Owner;
import org.enclosure.pkvm.wire.PageState;
import org.enclosure.spi.OperationCall;
import org.enclosure.tck.vector.CsvTable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// All reachable states of one page, and what each transition makes of them: the rows of `pkvm-transitions.csv`, with every profile
/// that they hold for.
class TransitionsTest {
    private static final long PA = BareEl2.FREE;
    private static final long GFN = 0x1234;
    private static final long PATTERN = 0x0123_4567_89ab_cdefL;
    private static final int ROWS = 462;
    private static final int COLUMNS = 25;
    private static final String UNRECORDED = "0*";

    /// A state: of the page, then of gfn and gfn + 1 of the unprotected VM, then of those of the protected one.
    private record State(int host, int owner, int hyp, long shares, long pins, int np, int np1, int prot, int prot1) {
        static State of(List<String> cells, int at, int counts) {
            return new State(state(cells.get(at)), Math.max(0, Owner.NAMES.indexOf(cells.get(at + 1))),
                    state(cells.get(at + 2)), Long.parseLong(cells.get(at + 3)), Long.parseLong(cells.get(at + 4)),
                    state(cells.get(at + counts)), state(cells.get(at + counts + 1)),
                    state(cells.get(at + counts + 2)), state(cells.get(at + counts + 3)));
        }

        private static int state(String name) {
            int index = PageState.NAMES.indexOf(name);
            assertTrue(index >= 0, name);
            return index;
        }
    }

    private record Row(int number, State before, boolean isDying, String operation, String gfn, String answer,
            State after, String effect, String variant) {
        static Row of(int number, List<String> cells) {
            return new Row(number, State.of(cells, 0, 6), cells.get(10).equals("1"), cells.get(11), cells.get(12),
                    cells.get(13), State.of(cells, 14, 5), cells.get(23), cells.get(24));
        }

        boolean holdsFor(Profile profile) {
            boolean usesProtected = before.owner == Owner.GUEST || before.prot != PageState.NOPAGE || isDying
                    || variant.contains("7.1") || variant.equals("android");
            return switch (profile) {
                case UNION -> true;
                case V7_1 -> variant.contains("mainline");
                case ANDROID16 -> variant.contains("android") && before.prot != PageState.POISON
                        && !operation.equals("reclaim_guest_page");
                case V6_18 -> variant.contains("6.14+") && !usesProtected && !operation.equals("start_teardown");
            };
        }

        String title(Profile profile) {
            return "row " + number + " with " + profile + ": " + operation + " " + gfn + " of " + before;
        }
    }

    @TestFactory
    Stream<DynamicTest> everyTransitionShouldAnswerAndChangeAsRecorded() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Row row : rows()) {
            for (Profile profile : Profile.values()) {
                if (row.holdsFor(profile)) {
                    tests.add(DynamicTest.dynamicTest(row.title(profile), () -> run(row, profile)));
                }
            }
        }
        return tests.stream();
    }

    @Test
    void shouldHaveReadEveryRow() {
        assertEquals(ROWS, rows().size());
    }

    /// Every row with the profile that has all calls; the killer of [MutantsTest].
    static void runAll() {
        for (Row row : rows()) {
            run(row, Profile.UNION);
        }
    }

    private static void run(Row row, Profile profile) {
        BareEl2 machine = BareEl2.small(profile);
        long np = machine.vm(false, 3);
        long prot = profile.isProtecting() ? machine.vm(true, 3) : -1;
        for (long at = PA; at < PA + Paging.PAGE_SIZE; at += Long.BYTES) {
            machine.memory.putLong(at, PATTERN);
        }
        force(machine, row.before, np, prot);
        if (row.isDying) {
            machine.invoke("HYP.START_TEARDOWN", 0, prot);
        }
        long answer = execute(machine, row, np, prot);
        assertEquals(row.answer.equals(UNRECORDED) ? "0" : row.answer, HypErrno.name(answer), "answer");
        if (!row.answer.equals(UNRECORDED)) {
            assertEquals(row.after, read(machine, np, prot), "state afterwards");
        }
        boolean zeroed = row.effect.contains("page zeroed");
        assertEquals(zeroed, machine.memory.isZero(PA, Paging.PAGE_SIZE), "page zeroed");
        assertEquals(zeroed ? 0 : PATTERN, machine.memory.getLong(PA + 8), "content");
    }

    private static long execute(BareEl2 machine, Row row, long np, long prot) {
        String name = "HYP." + row.operation.toUpperCase(java.util.Locale.ROOT);
        long gfn = row.gfn.equals("gfn+1") ? GFN + 1 : GFN;
        return switch (row.operation) {
            case "host_share_guest" -> machine.call(name, np, PA, gfn, 1, 7);
            case "host_unshare_guest" -> machine.call(name, np, gfn, 1);
            case "host_donate_guest" -> machine.call(name, prot, PA, gfn);
            case "reclaim_guest_page" -> machine.call(name, prot, gfn, PA);
            case "guest_share_host", "guest_unshare_host", "guest_relinquish" -> machine.call(name, prot, gfn);
            case "start_teardown" -> machine.call(name, prot);
            default -> machine.call(name, PA);
        };
    }

    private static void force(BareEl2 machine, State state, long np, long prot) {
        long gfn = state.prot1 == PageState.OWNED ? GFN + 1 : GFN;
        machine.invoke("SETUP.PAGE", 0, PA, state.host, state.hyp, state.owner, prot, gfn, state.shares, state.pins);
        machine.invoke("TEST.SET_GUEST_LEAF", 0, np, GFN, state.np, PA);
        machine.invoke("TEST.SET_GUEST_LEAF", 0, np, GFN + 1, state.np1, PA);
        if (prot >= 0) {
            machine.invoke("TEST.SET_GUEST_LEAF", 0, prot, GFN, state.prot, PA);
            machine.invoke("TEST.SET_GUEST_LEAF", 0, prot, GFN + 1, state.prot1, PA);
        }
    }

    private static State read(BareEl2 machine, long np, long prot) {
        OperationCall page = machine.invoke("STATE.PAGE", 0, PA);
        return new State((int) page.out(0), (int) page.out(2), (int) page.out(1), page.out(3), page.out(4),
                leaf(machine, np, GFN), leaf(machine, np, GFN + 1), leaf(machine, prot, GFN),
                leaf(machine, prot, GFN + 1));
    }

    private static int leaf(BareEl2 machine, long vm, long gfn) {
        return vm < 0 ? PageState.NOPAGE : (int) machine.invoke("STATE.GUEST_LEAF", 0, vm, gfn).out(0);
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (List<String> cells : CsvTable.rows(TransitionsTest.class.getResourceAsStream("/pkvm-transitions.csv"),
                COLUMNS)) {
            rows.add(Row.of(rows.size() + 2, cells));
        }
        return rows;
    }
}
