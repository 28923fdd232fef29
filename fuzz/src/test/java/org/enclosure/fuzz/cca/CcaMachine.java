package org.enclosure.fuzz.cca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.cca.CcaProvider;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.tck.machine.BareMachine;
import org.enclosure.tck.plugin.Plugin;

/// A machine with one active realm of 33 bits on few granules: two RECs, tables for the first pages of both halves, one page.
/// The realm keeps a secret in its pages, and no granule that the host can read ever has it.
final class CcaMachine implements AutoCloseable {
    static final long PAGE = 0x1000;
    static final long HALF = 1L << 32;
    static final long SECRET = 0x5ec2_e75e_c2e7_5ec2L;
    /// First of the granules that are looked at, and how many there are: realm, RECs, tables, pages, and the host's.
    static final long FIRST = 0x10_0000;
    static final int GRANULES = 20;
    static final long RD = FIRST;
    static final long[] RECS = {FIRST + 2 * PAGE, FIRST + 3 * PAGE};
    /// The host's: a run page for each REC, parameters, and a source.
    static final long HOST = FIRST + 15 * PAGE;
    static final long[] RUNS = {HOST, HOST + PAGE};
    static final long PARAMS = HOST + 2 * PAGE;

    private static final long ROOT = FIRST + PAGE;
    private static final long TABLES = FIRST + 4 * PAGE;
    private static final long DATA = FIRST + 8 * PAGE;
    private static final long AUX = 0x20_0000;
    private static final int AUX_COUNT = 16;
    private static final long MEMORY = 4L << 20;
    private static final int NS = 0;
    private static final int DELEGATED = 1;
    private static final int REC = 3;
    private static final int RTT = 6;
    private static final long PAS_NS = 9;
    private static final long PAS_REALM = 0xb;
    private static final int FIRST_AUX = 12;
    private static final int ENTRIES = 512;
    private static final long ASSIGNED_OR_VALID = 5;
    private static final long NS_ENTRY = 1L << 55;

    private final BareMachine machine = new BareMachine(Plugin.of(new CcaProvider()), MEMORY);
    private final Map<String, Operation> operations = new HashMap<>();
    private byte[] bytes = {};
    private OperationCall last;

    CcaMachine() {
        machine.platform().operations().list().forEach(operation -> operations.put(operation.name(), operation));
        last = new OperationCall(operation("RMI_VERSION"));
        delegate(RD, ROOT, TABLES, TABLES + PAGE, TABLES + 2 * PAGE, TABLES + 3 * PAGE, DATA, DATA + PAGE);
        must("PARAMS.REALM", 0, 33, 0, 1, 1, 0, 0, 0, 1, ROOT, 1, 1);
        must("HOST.WRITE", PARAMS);
        must("RMI_REALM_CREATE", RD, PARAMS);
        must("RMI_RTT_CREATE", RD, TABLES, 0, 2);
        must("RMI_RTT_CREATE", RD, TABLES + PAGE, 0, 3);
        must("RMI_RTT_CREATE", RD, TABLES + 2 * PAGE, HALF, 2);
        must("RMI_RTT_CREATE", RD, TABLES + 3 * PAGE, HALF, 3);
        must("RMI_RTT_INIT_RIPAS", RD, 0, 8 * PAGE);
        must("RMI_DATA_CREATE_UNKNOWN", RD, DATA, 0);
        for (int rec = 0; rec < RECS.length; rec++) {
            createRec(rec);
        }
        must("RMI_REALM_ACTIVATE", RD);
        must("REC.ENTER", RECS[0], RUNS[0]);
        must("REALM.ST", RECS[0], 0, SECRET);
        must("REC.LEAVE", RECS[0], 1);
    }

    private void createRec(int rec) {
        long[] params = new long[FIRST_AUX + AUX_COUNT];
        params[0] = 1;
        params[1] = rec;
        params[FIRST_AUX - 1] = AUX_COUNT;
        delegate(RECS[rec]);
        for (int i = 0; i < AUX_COUNT; i++) {
            params[FIRST_AUX + i] = AUX + ((long) rec * AUX_COUNT + i) * PAGE;
            delegate(params[FIRST_AUX + i]);
        }
        must("PARAMS.REC", params);
        must("HOST.WRITE", PARAMS);
        must("RMI_REC_CREATE", RD, RECS[rec], PARAMS);
    }

    private void delegate(long... granules) {
        for (long granule : granules) {
            must("RMI_GRANULE_DELEGATE", granule);
        }
    }

    private void must(String name, long... operands) {
        assertEquals(0, call(name, operands), name);
    }

    Operation operation(String name) {
        Operation operation = operations.get(name);
        if (operation == null) {
            throw new AssertionError("no operation " + name);
        }
        return operation;
    }

    /// The commands of a host, by name.
    List<String> commands() {
        return new ArrayList<>(operations.keySet().stream().filter(name -> name.startsWith("RMI_")).sorted().toList());
    }

    /// Invokes an operation; operands that are not given are 0.
    long call(String name, long... operands) {
        Operation operation = operation(name);
        last = new OperationCall(operation);
        for (int i = 0; i < operands.length; i++) {
            last.in(i, operands[i]);
        }
        if (!operation.in().isEmpty() && operation.in().getLast().bits() == 0) {
            last.inBytes(operation.in().size() - 1, bytes);
        }
        long status = machine.platform().operations().invoke(operation, last);
        if (!operation.out().isEmpty() && operation.out().getFirst().bits() == 0) {
            bytes = last.outBytes(0);
        }
        return status;
    }

    /// An output of the last call, by position.
    long out(int index) {
        return last.out(index);
    }

    /// Looks at all granules: their states, address spaces, references and contents agree.
    ///
    /// @param running how many RECs run
    void check(int running) {
        int referenced = 0;
        for (int i = 0; i < GRANULES; i++) {
            long pa = FIRST + i * PAGE;
            must("STATE.GRANULE", pa);
            int state = (int) out(0);
            long references = out(1);
            boolean isZero = out(3) == 1;
            assertEquals(state == NS ? PAS_NS : PAS_REALM, out(2), "the address space of a granule in state " + state);
            assertEquals(state == NS ? 0 : 1, call("HOST.READ64", pa), "the host's access to state " + state);
            if (state == DELEGATED) {
                assertEquals(true, isZero, "an unused granule of the RMM is zero");
            } else if (state == RTT) {
                assertEquals(live(pa), references, "references of a table");
            } else if (state == REC) {
                referenced += (int) references;
            } else if (state == NS) {
                checkNoSecret(pa);
            }
        }
        assertEquals(running, referenced, "RECs that run");
    }

    private long live(long table) {
        long live = 0;
        for (int i = 0; i < ENTRIES; i++) {
            long entry = machine.memory().getLong(table + (long) i * Long.BYTES);
            live += (entry & ASSIGNED_OR_VALID) != 0 && (entry & NS_ENTRY) == 0 ? 1 : 0;
        }
        return live;
    }

    private void checkNoSecret(long pa) {
        for (long at = pa; at < pa + PAGE; at += Long.BYTES) {
            assertNotEquals(SECRET, machine.memory().getLong(at), "the host reads a realm's secret");
        }
    }

    @Override
    public void close() {
        machine.close();
    }
}
