package org.enclosure.core.mem;

import java.util.BitSet;

/// What a buddy system has to answer, computed the slow way from one bit per frame.
final class FrameModel {
    final BitSet free = new BitSet();
    final BitSet knownZero = new BitSet();
    final BitSet quarantined = new BitSet();
    private final int frames;

    FrameModel(int frames) {
        this.frames = frames;
        free.set(0, frames);
        knownZero.set(0, frames);
    }

    private boolean isFree(int pfn, int order) {
        int end = pfn + (1 << order);
        return end <= frames && free.nextClearBit(pfn) >= end;
    }

    /// A free block is one that cannot be merged.
    private boolean isBlock(int pfn, int order) {
        if (!isFree(pfn, order)) {
            return false;
        }
        int parent = order + 1;
        return order == FrameAllocator.MAX_ORDER || !isFree(pfn >>> parent << parent, parent);
    }

    /// The lowest block of the smallest order that fits, or -1.
    long lowestFit(int order) {
        for (int fit = order; 1 << fit <= frames && fit <= FrameAllocator.MAX_ORDER; fit++) {
            for (int pfn = Math.max(0, free.nextSetBit(0)) >>> fit << fit; pfn
                    + (1 << fit) <= frames; pfn += 1 << fit) {
                if (isBlock(pfn, fit)) {
                    return pfn;
                }
            }
        }
        return FrameAllocator.NONE;
    }

    void allocated(long pfn, int order) {
        free.clear((int) pfn, (int) pfn + (1 << order));
    }

    void freed(long pfn, int order) {
        free.set((int) pfn, (int) pfn + (1 << order));
        knownZero.clear((int) pfn, (int) pfn + (1 << order));
    }

    void quarantined(long pfn) {
        free.clear((int) pfn);
        quarantined.set((int) pfn);
    }

    /// Whole free chunks of 2M become known zero.
    ///
    /// @return the bytes of those that were not
    long trimmed() {
        long bytes = 0;
        for (int pfn = 0; pfn + 512 <= frames; pfn += 512) {
            if (isFree(pfn, 9)) {
                bytes += knownZero.nextClearBit(pfn) < pfn + 512 ? 512L * 4096 : 0;
                knownZero.set(pfn, pfn + 512);
            }
        }
        return bytes;
    }
}
