package org.enclosure.tck.parity;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.Status;
import org.enclosure.tck.plugin.MachineTable;
import org.jspecify.annotations.Nullable;

/// The state of a machine: for each frame what the host may do and what the inspections of the table say, and all bytes of
/// the frames that are neither the host's nor a guest's page: control pages and tables.
final class TableImage {
    private final long[] host;
    private final BitSet guestPages;
    private final Map<Long, long[]> tables = new TreeMap<>();
    private final Map<String, long[][]> inspected = new TreeMap<>();

    /// @param frames how many frames the machine has
    /// @param guestPages frames whose bytes are a guest's
    TableImage(Platform platform, PhysicalMemory memory, MachineTable table, int frames, BitSet guestPages) {
        this.guestPages = guestPages;
        host = new long[frames];
        for (int pfn = 0; pfn < frames; pfn++) {
            host[pfn] = platform.hostAccess(pfn, Access.READ, new FaultDetail());
            if (host[pfn] != Status.OK && !guestPages.get(pfn)) {
                tables.put((long) pfn, HostPages.words(memory, (long) pfn << Paging.PAGE_SHIFT));
            }
        }
        for (MachineTable.Inspection inspection : table.inspections()) {
            inspected.put(inspection.operation(), inspect(platform, inspection, frames));
        }
    }

    private static long[][] inspect(Platform platform, MachineTable.Inspection inspection, int frames) {
        Operation operation = new Operations(platform.operations()).get(inspection.operation());
        List<String> names = operation.out().stream().map(Operation.Field::name).toList();
        if (!names.containsAll(inspection.outputs())) {
            throw new AssertionError("the table compares the outputs " + inspection.outputs() + " of "
                    + inspection.operation() + ", which has " + names);
        }
        int[] outputs = inspection.outputs().stream().mapToInt(names::indexOf).toArray();
        long[][] found = new long[frames][];
        OperationCall call = new OperationCall(operation);
        for (int pfn = 0; pfn < frames; pfn++) {
            call.in(0, (long) pfn << Paging.PAGE_SHIFT);
            long status = platform.operations().invoke(operation, call);
            found[pfn] = new long[1 + outputs.length];
            found[pfn][0] = status;
            for (int i = 0; i < outputs.length; i++) {
                found[pfn][1 + i] = call.out(outputs[i]);
            }
        }
        return found;
    }

    BitSet guestPages() {
        return guestPages;
    }

    /// How many frames hold tables.
    int tables() {
        return tables.size();
    }

    /// The first difference, or null.
    ///
    /// @param bare taken with the same frames of guests
    @Nullable
    String difference(TableImage bare) {
        String found = differenceOfAccess(bare);
        found = found == null ? differenceOfInspections(bare) : found;
        return found == null ? differenceOfTables(bare) : found;
    }

    private @Nullable String differenceOfAccess(TableImage bare) {
        int pfn = Arrays.mismatch(host, bare.host);
        return pfn < 0 ? null : at(pfn) + ": a read of the host gets " + Status.describe(host[pfn])
                + ", on the bare machine " + Status.describe(bare.host[pfn]);
    }

    private @Nullable String differenceOfInspections(TableImage bare) {
        for (Map.Entry<String, long[][]> one : inspected.entrySet()) {
            long[][] own = one.getValue();
            long[][] other = bare.inspected.getOrDefault(one.getKey(), new long[0][]);
            for (int pfn = 0; pfn < own.length; pfn++) {
                if (!Arrays.equals(own[pfn], other[pfn])) {
                    return at(pfn) + ": " + one.getKey() + " says " + hex(own[pfn]) + ", on the bare machine "
                            + hex(other[pfn]);
                }
            }
        }
        return null;
    }

    /// Asked last: where the accesses of the host are equal, the same frames hold tables.
    private @Nullable String differenceOfTables(TableImage bare) {
        for (Map.Entry<Long, long[]> one : tables.entrySet()) {
            long[] own = one.getValue();
            long[] other = bare.tables.getOrDefault(one.getKey(), new long[own.length]);
            int word = Arrays.mismatch(own, other);
            if (word >= 0) {
                return at(one.getKey()) + ": the word at 0x" + Integer.toHexString(word * Long.BYTES)
                        + " of a table is " + hex(own[word]) + ", on the bare machine " + hex(other[word]);
            }
        }
        return null;
    }

    private static String at(long pfn) {
        return "the frame at 0x" + Long.toHexString(pfn << Paging.PAGE_SHIFT);
    }

    private static String hex(long... words) {
        StringBuilder text = new StringBuilder();
        for (long word : words) {
            text.append(text.isEmpty() ? "0x" : " 0x").append(Long.toHexString(word));
        }
        return text.toString();
    }
}
