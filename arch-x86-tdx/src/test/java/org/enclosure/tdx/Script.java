package org.enclosure.tdx;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;

/// A bare machine that is driven by its operations' names. Its memory starts where its TDMR does.
public final class Script implements AutoCloseable {
    /// First address of memory and TDMR, and root page of the TD.
    public static final long TD = 0x4000_0000L;
    /// A page that no test gives to a TD: what the host offers to be read.
    public static final long SOURCE = 0x41f0_0000L;
    /// Bytes of memory.
    public static final long BYTES = 32L << 20;

    private static final int CONTROL_PAGES = 6;

    private final Arena arena = Arena.ofShared();
    private final PhysicalMemory memory = new PhysicalMemory(arena.allocate(BYTES, 4096), TD);
    private final Platform platform;
    private final Map<String, Operation> operations = new HashMap<>();
    private Operation last;
    private OperationCall call;

    /// Opens a machine without a TD.
    public Script() {
        platform = new TdxProvider().open(new PlatformContext(memory,
                List.of(new MemoryRange(TD, BYTES, MemoryRange.Kind.RAM)), Map.of()));
        platform.operations().list().forEach(operation -> operations.put(operation.name(), operation));
        last = platform.operations().list().getFirst();
        call = new OperationCall(last);
    }

    /// Opens a machine with one TD that is being built, whose first tables are there.
    ///
    /// @param lowestTable the level of the lowest entry that gets a table, for gpa 0: 3 down to 1
    public static Script building(long attributes, int lowestTable) {
        Script script = new Script();
        script.invoke("TDH.MNG.CREATE", TD, 0x21);
        script.invoke("SETUP.KEYS_CONFIGURED", TD);
        for (int page = 1; page <= CONTROL_PAGES; page++) {
            script.invoke("TDH.MNG.ADDCX", TD + page * 0x1000L, TD);
        }
        script.invoke("SETUP.MNG_INIT", TD, attributes, 48, 1);
        for (int level = 3; level >= lowestTable; level--) {
            script.invoke("TDH.MEM.SEPT.ADD", level, TD, TD + 0x10_0000L + (3 - level) * 0x1000L);
        }
        return script;
    }

    /// The same, with tables for 4K pages, and running.
    public static Script running(long attributes) {
        Script script = building(attributes, 1);
        script.invoke("TDH.MR.FINALIZE", TD);
        return script;
    }

    /// Executes an operation with its operands in order; those that are left out are 0.
    ///
    /// @return its status
    public long invoke(String name, long... operands) {
        Operation operation = operations.get(name);
        if (operation == null) {
            throw new IllegalArgumentException("no operation " + name);
        }
        last = operation;
        call = new OperationCall(operation);
        for (int i = 0; i < operands.length; i++) {
            call.in(i, operands[i]);
        }
        return platform.operations().invoke(operation, call);
    }

    /// How many operands an operation has.
    public int operandsOf(String name) {
        Operation operation = operations.get(name);
        if (operation == null) {
            throw new IllegalArgumentException("no operation " + name);
        }
        return operation.in().size();
    }

    /// An output of the last operation.
    public long out(String name) {
        for (int i = 0; i < last.out().size(); i++) {
            if (last.out().get(i).name().equals(name)) {
                return call.out(i);
            }
        }
        throw new IllegalArgumentException(last.name() + " has no output " + name);
    }

    /// An output of the last operation that is bytes.
    public byte[] outBytes(String name) {
        for (int i = 0; i < last.out().size(); i++) {
            if (last.out().get(i).name().equals(name)) {
                return call.outBytes(i);
            }
        }
        throw new IllegalArgumentException(last.name() + " has no output " + name);
    }

    /// The machine's memory.
    public PhysicalMemory memory() {
        return memory;
    }

    /// The machine.
    public Platform platform() {
        return platform;
    }

    @Override
    public void close() {
        platform.close();
        arena.close();
    }
}
