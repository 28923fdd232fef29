package org.enclosure.testarch.host;

import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.Status;
import org.enclosure.testarch.machine.FrameTable;
import org.enclosure.testarch.machine.FrameWord;

/// The answer DENIED with everything that a report wants to know.
final class Denial {
    private Denial() {
    }

    /// Names the first frame of the run that is neither the host's nor `owner`'s; where there is none, the first of the run.
    static long of(FrameTable frames, long gfn, long pfn, long npages, int owner, int code, FaultDetail detail) {
        long foreign = frames.firstForeign(pfn, npages, owner);
        detail.gfn = gfn;
        detail.npages = npages;
        detail.pfn = foreign < 0 ? pfn : foreign;
        long word = frames.word(detail.pfn);
        detail.owner = word == FrameWord.HOST ? FaultDetail.NOBODY : FrameWord.owner(word);
        return Status.of(Status.DENIED, 0, code);
    }
}
