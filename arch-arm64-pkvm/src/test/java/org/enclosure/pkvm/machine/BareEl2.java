package org.enclosure.pkvm.machine;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.ops.PkvmOperations;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.PhysicalMemory;

/// A machine of 32 MiB with EL2 alone, whose operations are called by name.
///
/// ```
/// 0M        1M       2M                 24M        32M
/// | roots    | tables |    free          | device   |
/// ```
public final class BareEl2 {
    /// The first page that nobody uses.
    public static final long FREE = 2L << 20;
    /// The first address that is not RAM.
    public static final long DEVICE = 24L << 20;
    /// The end.
    public static final long END = 32L << 20;

    private static final long TABLES = 1L << 20;

    /// Physical memory.
    public final PhysicalMemory memory;
    /// The machine.
    public final El2 el2;

    private final ArchOperations operations;
    private final Map<String, Operation> byName = new HashMap<>();
    private long nextRoot;
    private long nextTable = TABLES;

    /// Boots a machine.
    public BareEl2(Profile profile) {
        this(profile, END, List.of(new MemoryRange(0, DEVICE, MemoryRange.Kind.RAM),
                new MemoryRange(DEVICE, END - DEVICE, MemoryRange.Kind.DEVICE)));
    }

    /// Boots a machine that has a few pages from [#FREE] on, and no device.
    public static BareEl2 small(Profile profile) {
        long bytes = FREE + 16 * Paging.PAGE_SIZE;
        return new BareEl2(profile, bytes, List.of(new MemoryRange(0, bytes, MemoryRange.Kind.RAM)));
    }

    private BareEl2(Profile profile, long bytes, List<MemoryRange> ranges) {
        memory = new PhysicalMemory(Arena.ofAuto().allocate(bytes, 4096), 0);
        el2 = new El2(memory, ranges, profile);
        operations = new PkvmOperations(el2);
        operations.list().forEach(operation -> byName.put(operation.name(), operation));
    }

    /// Creates a VM and gives it pages for so many tables.
    ///
    /// @return its handle
    public long vm(boolean isProtected, int tables) {
        OperationCall call = invoke("HYP.INIT_VM", 0, nextRoot, isProtected ? 1 : 0);
        nextRoot += Paging.PAGE_SIZE;
        for (int i = 0; i < tables; i++) {
            invoke("HYP.TOPUP_MEMCACHE", 0, call.out(0), nextTable);
            nextTable += Paging.PAGE_SIZE;
        }
        return call.out(0);
    }

    /// Calls an operation.
    ///
    /// @return its status
    public long call(String name, long... operands) {
        return operations.invoke(operation(name), prepared(name, operands));
    }

    /// Calls an operation that has to answer `status`.
    public OperationCall invoke(String name, long status, long... operands) {
        OperationCall call = prepared(name, operands);
        long answer = operations.invoke(operation(name), call);
        if (answer != status) {
            throw new AssertionError(name + java.util.Arrays.toString(operands) + " answered " + answer
                    + " instead of " + status);
        }
        return call;
    }

    private OperationCall prepared(String name, long... operands) {
        OperationCall call = new OperationCall(operation(name));
        for (int i = 0; i < operands.length; i++) {
            call.in(i, operands[i]);
        }
        return call;
    }

    private Operation operation(String name) {
        Operation operation = byName.get(name);
        if (operation == null) {
            throw new AssertionError("no operation " + name);
        }
        return operation;
    }
}
