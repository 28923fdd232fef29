package org.enclosure.tck.parity;

import java.util.Arrays;
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
import org.jspecify.annotations.Nullable;

/// The pages that the operands of one operation name by address, as the host left them: what it may write, it may write on another
/// machine too. Pages that are not the host's are noted as such, without their bytes.
final class HostPages {
    private final Map<Long, long @Nullable []> pages = new TreeMap<>();

    /// Looks at all addresses among the operands.
    HostPages(Platform platform, PhysicalMemory memory, Operation operation, OperationCall call) {
        for (int i = 0; i < operation.in().size(); i++) {
            long pa = call.in(i) & -Paging.PAGE_SIZE;
            if (operation.in().get(i).bits() != 0 && pa > 0 && memory.contains(pa, Paging.PAGE_SIZE)) {
                pages.computeIfAbsent(pa, at -> isHosts(platform, at) ? words(memory, at) : null);
            }
        }
    }

    static boolean isHosts(Platform platform, long pa) {
        return platform.hostAccess(pa >>> Paging.PAGE_SHIFT, Access.READ, new FaultDetail()) == Status.OK;
    }

    /// The words of a page.
    static long[] words(PhysicalMemory memory, long pa) {
        long[] words = new long[(int) (Paging.PAGE_SIZE / Long.BYTES)];
        for (int i = 0; i < words.length; i++) {
            words[i] = memory.getLong(pa + (long) i * Long.BYTES);
        }
        return words;
    }

    /// Uses the pages of an earlier one for those that are the same, so that a long recording has each once.
    void shareWith(Map<Long, long[]> known) {
        pages.replaceAll((pa, words) -> {
            if (words == null) {
                return null;
            }
            long[] before = known.put(pa, words);
            if (before != null && Arrays.equals(before, words)) {
                known.put(pa, before);
                return before;
            }
            return words;
        });
    }

    /// Writes the host's pages of another machine.
    ///
    /// @return what is wrong, or null: there, a page is the host's that is not here, or the other way
    @Nullable
    String copyTo(Platform platform, PhysicalMemory memory) {
        for (Map.Entry<Long, long @Nullable []> page : pages.entrySet()) {
            long pa = page.getKey();
            long[] words = page.getValue();
            boolean wasHosts = words != null;
            if (wasHosts != isHosts(platform, pa)) {
                return "the page at 0x" + Long.toHexString(pa) + " is " + (wasHosts ? "" : "not ")
                        + "the host's on the machine under the engine, and is " + (wasHosts ? "not " : "")
                        + "on the bare one";
            }
            for (int i = 0; words != null && i < words.length; i++) {
                memory.putLong(pa + (long) i * Long.BYTES, words[i]);
            }
        }
        return null;
    }
}
