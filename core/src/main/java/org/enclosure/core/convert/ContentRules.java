package org.enclosure.core.convert;

import org.enclosure.api.Paging;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.PolicyChoices.After;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.Raw;
import org.enclosure.spi.TableWork;

/// What becomes of the bytes of pages that nobody can reach at the moment: by what the architecture did to them, then by the
/// VM's policy.
final class ContentRules {
    private static final long PATTERN = 0x9e37_79b9_7f4a_7c15L;

    private final VmCore vm;
    private final After after;
    private final FrameList discarded;

    ContentRules(VmCore vm) {
        this.vm = vm;
        discarded = new FrameList(vm.host().frames());
        after = vm.policies().after();
    }

    /// Whether the bytes of a half that only goes out of use are touched.
    boolean touchesUnusedHalf() {
        return after != After.KEEP;
    }

    /// Applies the rules to a stretch of populated pages.
    ///
    /// @param content one of the content constants of [TableWork]
    void apply(FolioMap folios, long start, long end, int content) {
        if (after == After.SCRAMBLE) {
            scramble(folios, start, end);
        } else if (content == TableWork.LOST || content == TableWork.KEPT && after == After.ZERO) {
            folios.markUnzeroed(start, end);
        } else if (content == TableWork.ZEROED) {
            folios.markZeroed(start, end);
        }
        if (after == After.DISCARD) {
            folios.remove(start, end, discarded);
            discarded.freeAll();
        }
    }

    /// Overwrites with a pattern that depends on the place: neither zero, nor the old bytes, nor alike in two pages.
    private void scramble(FolioMap folios, long start, long end) {
        for (long page = start; page < end; page++) {
            long pfn = FolioMap.pfn(folios.settled(page));
            long address = vm.host().memory().address(pfn);
            for (long at = 0; at < Paging.PAGE_SIZE; at += Long.BYTES) {
                Raw.putLong(address + at, (pfn + 1) * PATTERN ^ at * PATTERN);
            }
        }
        folios.markZeroed(start, end);
    }
}
