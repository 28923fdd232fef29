package org.enclosure.fuzz.pkvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.pkvm.PkvmProvider;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.PageState;
import org.enclosure.pkvm.wire.Smccc;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.tck.machine.BareMachine;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.tck.random.Choices;

/// A machine with an unprotected VM and two protected ones on few pages, whose host calls what it wants.
///
/// A guest that has a page alone keeps a secret in it. No secret is ever read by the host.
final class HostileHost implements AutoCloseable {
    private static final long MEMORY = 4L << 20;
    private static final long PAGE = 0x1000;
    private static final long TABLES = 0x1_0000;
    private static final int TABLES_PER_VM = 3;
    private static final long FIRST_PAGE = 0x10_0000;
    private static final int PAGES = 8;
    private static final long FIRST_GFN = 0x8_0000;
    private static final int GFNS = 4;
    private static final int FUNCTIONS = 12;
    private static final int VMS = 3;
    private static final long SECRET = 0x5ec2_e75e_c2e7_5ec2L;
    private static final String TWO_OWNERS = "two have a page that is a guest's";
    /// The calls of a host, but the one that it must not make of a page which it shares with anybody else (HOST_UNSHARE_FFA), and
    /// `GUEST.HVC`, each as often as it is to be made.
    private static final List<String> CALLS = List.of("GUEST.HVC", "GUEST.HVC", "GUEST.HVC", "GUEST.HVC",
            "HYP.HOST_DONATE_GUEST", "HYP.HOST_DONATE_GUEST", "HYP.HOST_SHARE_GUEST", "HYP.HOST_UNSHARE_GUEST",
            "HYP.FORCE_RECLAIM", "HYP.RECLAIM_GUEST_PAGE", "HYP.HOST_SHARE_HYP", "HYP.HOST_UNSHARE_HYP",
            "HYP.HOST_DONATE_HYP", "HYP.HYP_DONATE_HOST", "HYP.HYP_PIN_SHARED_MEM", "HYP.HYP_UNPIN_SHARED_MEM",
            "HYP.HOST_SHARE_FFA", "HYP.START_TEARDOWN", "HOST.ACCESS");

    private final Choices choices;
    private final BareMachine machine;
    private final Map<String, Operation> operations = new HashMap<>();
    private final long[] vms = new long[VMS];

    HostileHost(Choices choices, String profile) {
        this.choices = choices;
        machine = new BareMachine(Plugin.of(new PkvmProvider()).withHostSetting("profile", profile), MEMORY);
        machine.platform().operations().list().forEach(operation -> operations.put(operation.name(), operation));
        for (int vm = 0; vm < VMS; vm++) {
            OperationCall init = call("HYP.INIT_VM");
            init.in(0, TABLES + vm * (1L + TABLES_PER_VM) * PAGE);
            init.in(1, vm == 0 ? 0 : 1);
            assertEquals(HypErrno.OK, invoke("HYP.INIT_VM", init));
            vms[vm] = init.out(0);
            for (int table = 1; table <= TABLES_PER_VM; table++) {
                OperationCall topUp = call("HYP.TOPUP_MEMCACHE");
                topUp.in(0, vms[vm]);
                topUp.in(1, init.in(0) + table * PAGE);
                assertEquals(HypErrno.OK, invoke("HYP.TOPUP_MEMCACHE", topUp));
            }
        }
    }

    private OperationCall call(String name) {
        return new OperationCall(operation(name));
    }

    private Operation operation(String name) {
        Operation operation = operations.get(name);
        if (operation == null) {
            throw new AssertionError("no operation " + name);
        }
        return operation;
    }

    private long invoke(String name, OperationCall call) {
        return machine.platform().operations().invoke(operation(name), call);
    }

    /// One call of the host or of a guest, and then a look at all pages.
    void step() {
        String name = CALLS.get(choices.nextInt(CALLS.size()));
        if (name.equals("GUEST.HVC")) {
            hypercall();
        } else {
            OperationCall call = call(name);
            Operation operation = operation(name);
            for (int i = 0; i < operation.in().size(); i++) {
                call.in(i, operand(operation.in().get(i).name()));
            }
            invoke(name, call);
        }
        lookAtGuests();
        lookAtPages();
    }

    private long operand(String name) {
        return switch (name) {
            case "vm" -> vms[choices.nextInt(VMS)];
            case "pa" -> FIRST_PAGE + choices.nextInt(PAGES) * PAGE;
            case "gfn" -> FIRST_GFN + choices.nextInt(GFNS);
            case "pages" -> 1;
            case "prot" -> choices.nextInt(8);
            default -> choices.nextInt(2);
        };
    }

    private void hypercall() {
        OperationCall call = call("GUEST.HVC");
        call.in(0, vms[1 + choices.nextInt(VMS - 1)]);
        call.in(1, choices.nextInt(8) == 0 ? choices.nextLong()
                : Smccc.SERVICE & 0xffff_ffffL | choices.nextInt(FUNCTIONS));
        call.in(2, choices.nextInt(4) == 0 ? choices.nextLong() : (FIRST_GFN + choices.nextInt(GFNS)) * PAGE);
        call.in(3, choices.nextInt(4) == 0 ? choices.nextLong() : choices.nextInt(3));
        call.in(4, choices.nextInt(4) == 0 ? choices.nextLong() : 0);
        assertEquals(HypErrno.OK, invoke("GUEST.HVC", call));
        if (call.out(4) == 0) {
            assertEquals(call.in(1), call.out(0), "R0 of an HVC that does not return");
            assertEquals(call.in(2) >>> 12, call.out(6) >>> 4, "the page that the host is told");
            assertEquals(-4, call.out(8), "the guest executes the HVC again");
            return;
        }
        int fid = (int) call.in(1);
        long r0 = call.out(0);
        assertTrue(fid == Smccc.CALL_UID || fid == Smccc.FEATURES || r0 == Smccc.SUCCESS
                || r0 == Smccc.NOT_SUPPORTED || r0 == Smccc.INVALID_PARAMETER || r0 == PAGE,
                () -> "function 0x" + Integer.toHexString(fid) + " answered " + r0);
    }

    /// A page of a protected guest is in no other table. The guest keeps a secret in what it has alone, and not in what it shares.
    private void lookAtGuests() {
        Set<Long> guests = new HashSet<>();
        Set<Long> lent = new HashSet<>();
        for (long vm : vms) {
            for (long gfn = FIRST_GFN; gfn < FIRST_GFN + GFNS; gfn++) {
                OperationCall leaf = call("STATE.GUEST_LEAF");
                leaf.in(0, vm);
                leaf.in(1, gfn);
                assertEquals(HypErrno.OK, invoke("STATE.GUEST_LEAF", leaf));
                int state = (int) leaf.out(0);
                if (state != PageState.NOPAGE && state != PageState.POISON) {
                    boolean isLent = state == PageState.SHARED_BORROWED;
                    boolean isNew = (isLent ? lent : guests).add(leaf.out(1));
                    assertTrue(isLent || isNew, TWO_OWNERS);
                    use(leaf.out(1), state == PageState.OWNED);
                }
            }
        }
        assertTrue(Collections.disjoint(guests, lent), TWO_OWNERS);
    }

    private void use(long pa, boolean isAlone) {
        assertEquals(isAlone ? HypErrno.EPERM : HypErrno.OK, read(pa), "the host reads a page of a guest");
        machine.memory().putLong(pa, isAlone ? SECRET : 0);
    }

    private void lookAtPages() {
        for (int page = 0; page < PAGES; page++) {
            long pa = FIRST_PAGE + page * PAGE;
            if (read(pa) == HypErrno.OK) {
                assertNotEquals(SECRET, machine.memory().getLong(pa), "the host reads a guest's secret");
            }
        }
    }

    private long read(long pa) {
        OperationCall call = call("HOST.READ64");
        call.in(0, pa);
        return invoke("HOST.READ64", call);
    }

    @Override
    public void close() {
        machine.close();
    }
}
