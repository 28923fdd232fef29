package org.enclosure.tck.spy;

import org.enclosure.api.Paging;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmTraits;

/// A table whose answers are judged: the kinds of status that each call may give, what it leaves in its work block, and what it
/// says of the bytes.
final class SpyTable implements GuestTable {
    private final GuestTable inner;
    private final PhysicalMemory memory;
    private final Violations violations;

    SpyTable(GuestTable inner, PhysicalMemory memory, Violations violations) {
        this.inner = inner;
        this.memory = memory;
        this.violations = violations;
    }

    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        int had = work.frames.size();
        long status = inner.map(gfn, pfn, level, work);
        Answers.check(violations, "map", status, Answers.MAP);
        if (status >= 0 && (work.level < Paging.LEVEL_4K || work.level > level)) {
            violations.add("MAP-1", "map of gfn 0x" + Long.toHexString(gfn) + " was offered level " + level
                    + " and says that it mapped level " + work.level);
        }
        checkLevel("map", status, level);
        checkNeed("map", status, had);
        return status;
    }

    private void checkLevel(String call, long status, int offered) {
        int kind = Status.kind(status);
        int wanted = Status.argument(status);
        if (kind == Status.LEVEL && (wanted < Paging.LEVEL_4K || wanted >= offered)) {
            violations.add("MAP-1", call + " asks for level " + wanted + " where level " + offered + " was offered");
        }
    }

    private void checkNeed(String call, long status, int had) {
        if (Status.kind(status) != Status.NEED_FRAMES) {
            return;
        }
        int wanted = Status.argument(status);
        if (wanted <= had || wanted > VmTraits.MAX_FRAMES) {
            violations.add("FRM-1", call + " asks for " + wanted + " frames; it had " + had + ", and may ask for "
                    + VmTraits.MAX_FRAMES + " at most");
        }
    }

    @Override
    public long block(long gfn, long npages, TableWork work) {
        long status = inner.block(gfn, npages, work);
        Answers.check(violations, "block", status, Answers.BLOCK);
        if (status >= 0 && (work.done < 0 || work.done > npages)) {
            violations.add("BLK-1", "block of " + npages + " pages says that " + work.done + " were in reach");
        }
        if (Status.kind(status) == Status.DENIED && (work.detail.gfn < gfn || work.detail.gfn >= gfn + npages)) {
            violations.add("BLK-1", "block of " + npages + " pages from gfn 0x" + Long.toHexString(gfn)
                    + " is denied because of gfn 0x" + Long.toHexString(work.detail.gfn)
                    + ", which is not one of them");
        }
        return status;
    }

    @Override
    public long flush(TableWork work) {
        long status = inner.flush(work);
        Answers.check(violations, "flush", status, Answers.FLUSH);
        return status;
    }

    @Override
    public long convert(long gfn, long npages, TableWork work) {
        int had = work.frames.size();
        long status = inner.convert(gfn, npages, work);
        Answers.check(violations, "convert", status, Answers.CONVERT);
        checkNeed("convert", status, had);
        return status;
    }

    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        int reason = work.reason;
        long before = digest(pfn, npages);
        long status = inner.remove(gfn, pfn, npages, work);
        Answers.check(violations, "remove", status, Answers.REMOVE);
        if (status < 0) {
            return status;
        }
        boolean inPart = Status.has(status, Status.MORE);
        long done = inPart ? work.done : npages;
        String what = "remove of " + npages + " pages from gfn 0x" + Long.toHexString(gfn) + " for reason " + reason;
        if (inPart && (work.done <= 0 || work.done >= npages)) {
            violations.add("REM-1", what + " says MORE after " + work.done + " pages");
        } else if (work.content < TableWork.KEPT || work.content > TableWork.ZEROED) {
            violations.add("REM-1", what + " says content " + work.content);
        } else
            if (work.content == TableWork.ZEROED
                    && !memory.isZero(pfn << Paging.PAGE_SHIFT, done << Paging.PAGE_SHIFT)) {
                        violations.add("REM-1", what + " says ZEROED, and the memory is not zero");
                    } else
                if (work.content == TableWork.KEPT && !inPart && digest(pfn, npages) != before) {
                    violations.add("REM-1", what + " says KEPT, and the memory has changed");
                }
        return status;
    }

    /// A word that changes when one of some bytes of each page does.
    private long digest(long pfn, long npages) {
        long digest = 0;
        for (long page = pfn; page < pfn + npages; page++) {
            for (long at = 0; at < Paging.PAGE_SIZE; at += 64) {
                digest = digest * 0x100_0000_01b3L ^ memory.getLong((page << Paging.PAGE_SHIFT) + at);
            }
        }
        return digest;
    }

    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        int had = work.frames.size();
        long status = inner.resize(gfn, pfn, level, work);
        Answers.check(violations, "resize", status, Answers.RESIZE);
        checkNeed("resize", status, had);
        return status;
    }

    @Override
    public long inspect(long gfn, long pfn, TableWork work) {
        return inner.inspect(gfn, pfn, work);
    }
}
