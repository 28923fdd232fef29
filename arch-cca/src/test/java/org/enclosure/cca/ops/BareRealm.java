package org.enclosure.cca.ops;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.cca.CcaProvider;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.PlatformContext;

/// A bare machine with at most one realm of 33 bits whose tables start at level 1, driven by operations: the protected half
/// ends, and the unprotected one begins, at 4 GiB.
///
/// ```
/// 0x80000000 RD   1000 REC   3000 run page   4000 parameters and source   5000 root   10000.. auxiliary
/// 0x80020000 table of level 2, 21000 of level 3, both for IPA 0;  22000, 23000 for 4 GiB
/// 0x80025000, 26000 pages   27000 spare table   40000 host page   200000.. block   400000.. host block
/// ```
public final class BareRealm {
    static final long BASE = 0x8000_0000L;
    static final long RD = BASE;
    static final long REC = BASE + 0x1000;
    static final long RUN = BASE + 0x3000;
    static final long PARAMS = BASE + 0x4000;
    static final long ROOT = BASE + 0x5000;
    static final long AUX = BASE + 0x1_0000;
    static final long L2 = BASE + 0x2_0000;
    static final long L3 = BASE + 0x2_1000;
    static final long NS_L2 = BASE + 0x2_2000;
    static final long NS_L3 = BASE + 0x2_3000;
    static final long OTHER_DATA = BASE + 0x2_5000;
    static final long DATA = BASE + 0x2_6000;
    static final long SPARE = BASE + 0x2_7000;
    static final long HOST = BASE + 0x4_0000;
    static final long BLOCK = BASE + 0x20_0000;
    static final long HOST_BLOCK = BASE + 0x40_0000;
    static final long HALF = 1L << 32;
    static final long PAGE = 0x1000;
    static final long SIZE_2M = 0x20_0000;
    static final int PAGES = 512;
    /// Operand of PARAMS.REC: the first auxiliary granule.
    static final int FIRST_AUX = 12;
    private static final int AUX_COUNT = 16;
    private static final long BYTES = 8L << 20;
    private static final PhysicalMemory MEMORY = new PhysicalMemory(Arena.ofAuto().allocate(BYTES, PAGE), BASE);

    private final ArchOperations operations;
    private final Map<String, Operation> byName = new HashMap<>();
    /// Outputs of the last call, by name.
    final Map<String, Long> out = new HashMap<>();
    /// The last output that is bytes.
    private byte[] bytes = {};

    /// Opens a machine; memory holds what it held before.
    ///
    /// @param rmm version of the RMM
    BareRealm(String rmm) {
        for (long pa = BASE; pa < BASE + BYTES; pa += PAGE) {
            if (!MEMORY.isZero(pa, PAGE)) {
                MEMORY.zero(pa, PAGE);
            }
        }
        operations = new CcaProvider().open(new PlatformContext(MEMORY,
                List.of(new MemoryRange(BASE, BYTES, MemoryRange.Kind.RAM)), Map.of("rmm", rmm))).operations();
        operations.list().forEach(operation -> byName.put(operation.name(), operation));
    }

    /// Invokes an operation with operands by position.
    long call(String name, long... operands) {
        Operation operation = byName.get(name);
        if (operation == null) {
            throw new AssertionError("no operation " + name);
        }
        OperationCall call = new OperationCall(operation);
        for (int i = 0; i < operands.length; i++) {
            call.in(i, operands[i]);
        }
        if (!operation.in().isEmpty() && operation.in().getLast().bits() == 0) {
            call.inBytes(operation.in().size() - 1, bytes);
        }
        long status = operations.invoke(operation, call);
        out.clear();
        for (int i = 0; i < operation.out().size(); i++) {
            out.put(operation.out().get(i).name(), call.out(i));
            bytes = operation.out().get(i).bits() == 0 ? call.outBytes(i) : bytes;
        }
        return status;
    }

    /// Invokes an operation that has to succeed.
    BareRealm must(String name, long... operands) {
        long status = call(name, operands);
        if (status != 0) {
            throw new AssertionError(name + " answered 0x" + Long.toHexString(status));
        }
        return this;
    }

    /// Output of the last call.
    long out(String name) {
        return out.getOrDefault(name, -1L);
    }

    /// The last output that is bytes.
    byte[] outBytes() {
        return bytes.clone();
    }

    BareRealm delegate(long... granules) {
        for (long granule : granules) {
            must("RMI_GRANULE_DELEGATE", granule);
        }
        return this;
    }

    /// Creates the realm.
    BareRealm realm() {
        delegate(RD, ROOT);
        return realm(RD, ROOT, 1);
    }

    /// Creates a realm in delegated granules.
    BareRealm realm(long rd, long root, long vmid) {
        long status = createRealm(rd, 0, 33, 1, root, 1, 1, vmid);
        if (status != 0) {
            throw new AssertionError("RMI_REALM_CREATE answered 0x" + Long.toHexString(status));
        }
        return this;
    }

    /// RMI_REALM_CREATE with a page of parameters.
    long createRealm(long rd, long flags, long s2sz, long hash, long root, long level, long tables, long vmid) {
        must("PARAMS.REALM", flags, s2sz, 0, 1, 1, 0, hash == 1 ? 0 : hash, 0, vmid, root, level, tables);
        must("HOST.WRITE", PARAMS);
        return call("RMI_REALM_CREATE", rd, PARAMS);
    }

    /// Adds the runnable REC with index 0.
    BareRealm rec() {
        return rec(RD, REC, AUX, 0, 1);
    }

    /// Adds a REC to a new realm: its auxiliary granules lie side by side.
    BareRealm rec(long rd, long rec, long aux, long index, long flags) {
        long[] operands = recParams(aux, index, flags);
        delegate(rec);
        for (int i = 0; i < AUX_COUNT; i++) {
            delegate(aux + i * PAGE);
        }
        must("PARAMS.REC", operands);
        must("HOST.WRITE", PARAMS);
        return must("RMI_REC_CREATE", rd, rec, PARAMS);
    }

    /// Operands of PARAMS.REC: flags, MPIDR, program counter, 8 registers, number of auxiliary granules, and these.
    static long[] recParams(long aux, long index, long flags) {
        long[] operands = new long[FIRST_AUX + AUX_COUNT];
        operands[0] = flags;
        operands[1] = index;
        operands[FIRST_AUX - 1] = AUX_COUNT;
        for (int i = 0; i < AUX_COUNT; i++) {
            operands[FIRST_AUX + i] = aux + i * PAGE;
        }
        return operands;
    }

    /// Hangs tables below an IPA down to a level.
    BareRealm tables(long ipa, long l2, long l3, int level) {
        delegate(l2).must("RMI_RTT_CREATE", RD, l2, ipa, 2);
        return level == 3 ? delegate(l3).must("RMI_RTT_CREATE", RD, l3, ipa, 3) : this;
    }

    /// Enters the REC with flags in the run page.
    long enter(long flags) {
        must("PARAMS.RUN", flags);
        must("HOST.WRITE", RUN);
        return call("REC.ENTER", REC, RUN);
    }

    /// A word of memory, past all checks.
    static long word(long pa) {
        return MEMORY.getLong(pa);
    }

    /// References of a granule.
    long references(long pa) {
        return must("STATE.GRANULE", pa).out("refcount");
    }
}
