package org.enclosure.fuzz.cca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.enclosure.spi.Operation;
import org.enclosure.tck.random.Choices;

/// A host that calls what it wants with any registers, fills run pages with anything, and enters RECs; and their realm, which
/// calls what it wants and reads and writes everywhere.
final class HostileHost implements AutoCloseable {
    private static final long PAGE = CcaMachine.PAGE;
    private static final long HALF = CcaMachine.HALF;
    private static final long[] IPAS = {0, PAGE, 2 * PAGE, 7 * PAGE, 0x20_0000, 0x4000_0000, HALF - PAGE, HALF,
            HALF + PAGE,
            HALF + 0x20_0000, 2 * HALF, 8, -PAGE};
    /// Where the realm has no secrets, so that a host call from there tells none.
    private static final long[] BLOCKS = {2 * PAGE, 2 * PAGE + 0x100, 7 * PAGE, HALF, 8};
    private static final long RSI = 0xc400_0190L;
    private static final long HOST_CALL = RSI + 9;
    private static final long[] POWER_CALLS = {0x8400_0000L, 0xc400_0001L, 0x8400_0002L, 0xc400_0003L, 0xc400_0004L,
            0x8400_0008L, 0x8400_0009L, 0x8400_000aL};
    private static final long RMI = 0xc400_0150L;
    private static final long NOT_SUPPORTED = -1;
    private static final long SYSTEM_OFF = 0x102;
    private static final int ERROR_REC = 3;
    private static final int ERROR_RTT = 4;
    private static final long DONE = 0;
    private static final long EXIT_AGAIN = 2;
    private static final long EXIT_PENDING = 5;
    private static final long EXIT_DONE = 6;
    private static final long IRQ = 1;
    private static final long UNCHANGED_FLAGS = 0;

    private final Choices choices;
    private final CcaMachine machine = new CcaMachine();
    private final List<String> commands = machine.commands();
    private final boolean[] runs = new boolean[CcaMachine.RECS.length];
    /// The REC has to leave: its last action was an exit.
    private final boolean[] exits = new boolean[CcaMachine.RECS.length];

    HostileHost(Choices choices) {
        this.choices = choices;
    }

    /// One call of the host, one write to a run page, or one action of a REC that runs.
    void step() {
        int rec = choices.nextInt(CcaMachine.RECS.length);
        switch (choices.nextInt(6)) {
            case 0, 1 -> command();
            case 2 -> fillRunPage(rec);
            default -> {
                if (!runs[rec]) {
                    enter(rec);
                } else if (exits[rec] || choices.nextInt(4) == 0) {
                    leave(rec);
                } else {
                    act(rec);
                }
            }
        }
    }

    /// Looks at all granules.
    void look() {
        machine.check((runs[0] ? 1 : 0) + (runs[1] ? 1 : 0));
    }

    private void command() {
        if (choices.nextInt(8) == 0) {
            long function = choices.nextBoolean() ? choices.nextLong() : RMI + choices.nextInt(64);
            checkStatus("SMC", machine.call("SMC", function, granule(), granule(), ipa(), level(), choices.nextLong()));
            return;
        }
        String name = commands.get(choices.nextInt(commands.size()));
        Operation operation = machine.operation(name);
        long[] operands = new long[operation.in().size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = operand(operation.in().get(i).name());
        }
        checkStatus(name, machine.call(name, operands));
    }

    private long operand(String name) {
        if (choices.nextInt(16) == 0) {
            return choices.nextLong();
        }
        return switch (name) {
            case "rd" -> CcaMachine.RD;
            case "rec", "calling", "target" -> CcaMachine.RECS[choices.nextInt(CcaMachine.RECS.length)];
            case "run" -> CcaMachine.RUNS[choices.nextInt(CcaMachine.RUNS.length)];
            case "addr", "data", "rtt" -> granule();
            case "src", "params" -> CcaMachine.PARAMS;
            case "ipa", "base", "top" -> ipa();
            case "level" -> level();
            case "desc" -> CcaMachine.HOST + PAGE * choices.nextInt(4) | 0xd8;
            default -> choices.nextInt(3);
        };
    }

    private long granule() {
        return CcaMachine.FIRST + choices.nextInt(CcaMachine.GRANULES) * PAGE;
    }

    private long ipa() {
        return choices.nextInt(8) == 0 ? choices.nextLong() : IPAS[choices.nextInt(IPAS.length)];
    }

    private long level() {
        return choices.nextInt(16) == 0 ? choices.nextLong() : choices.nextInt(5);
    }

    /// A status of the interface. With one processor nothing is ever contended.
    private static void checkStatus(String name, long x0) {
        boolean isLevel = (x0 & 0xff) == ERROR_RTT && x0 >>> 8 <= 3;
        assertTrue(x0 == NOT_SUPPORTED || x0 == SYSTEM_OFF || isLevel || x0 >= 0 && x0 <= ERROR_REC,
                () -> name + " answered 0x" + Long.toHexString(x0));
    }

    private void fillRunPage(int rec) {
        long run = CcaMachine.RUNS[rec];
        for (int words = choices.nextInt(4); words >= 0; words--) {
            machine.call("HOST.WRITE64", run + 8L * choices.nextInt(512), notSecret(choices.nextLong()));
        }
        machine.call("HOST.WRITE64", run, choices.nextInt(8) == 0 ? choices.nextLong() : choices.nextInt(32));
        if (choices.nextBoolean()) {
            machine.call("HOST.WRITE64", run + 0x300, UNCHANGED_FLAGS);
        }
    }

    private static long notSecret(long value) {
        return value == CcaMachine.SECRET ? 0 : value;
    }

    private void enter(int rec) {
        long x0 = machine.call("REC.ENTER", CcaMachine.RECS[rec], CcaMachine.RUNS[rec]);
        checkStatus("REC.ENTER", x0);
        runs[rec] = x0 == DONE && machine.out(0) == 1;
        exits[rec] = false;
    }

    private void leave(int rec) {
        checkStatus("REC.LEAVE", machine.call("REC.LEAVE", CcaMachine.RECS[rec], IRQ));
        runs[rec] = false;
    }

    private void act(int rec) {
        long outcome = switch (choices.nextInt(6)) {
            case 0 -> machine.call("REALM.LD", CcaMachine.RECS[rec], ipa());
            case 1 -> store(rec);
            case 2 -> machine.call("REALM.IF", CcaMachine.RECS[rec], ipa());
            case 3 -> machine.call("REALM.WFI", CcaMachine.RECS[rec]);
            default -> request(rec);
        };
        exits[rec] = outcome == EXIT_AGAIN || outcome == EXIT_PENDING || outcome == EXIT_DONE;
    }

    /// Only protected pages get the secret, and not those whose content the realm tells in host calls.
    private long store(int rec) {
        long ipa = ipa() & -8;
        boolean isSecret = ipa >= 0 && ipa < 2 * PAGE;
        return machine.call("REALM.ST", CcaMachine.RECS[rec], ipa, isSecret ? CcaMachine.SECRET : 1);
    }

    private long request(int rec) {
        int kind = choices.nextInt(8);
        long function = kind == 0 ? choices.nextLong()
                : kind < 3 ? POWER_CALLS[choices.nextInt(POWER_CALLS.length)] : RSI + choices.nextInt(11);
        boolean isHostCall = function == HOST_CALL;
        long outcome = machine.call("REALM.RSI", CcaMachine.RECS[rec], function,
                isHostCall ? BLOCKS[choices.nextInt(BLOCKS.length)] : argument(), argument(), argument(), argument());
        if (outcome == DONE && function >= RSI && function <= HOST_CALL) {
            assertTrue(machine.out(0) >= 0 && machine.out(0) <= 4, () -> "RSI answered " + machine.out(0));
        } else if (outcome == DONE && (function < RSI || function > HOST_CALL)) {
            assertEquals(true, machine.out(0) <= 0x1_0002, "x0 of another call");
        }
        return outcome;
    }

    private long argument() {
        return choices.nextInt(3) == 0 ? choices.nextInt(66) : ipa();
    }

    @Override
    public void close() {
        machine.close();
    }
}
