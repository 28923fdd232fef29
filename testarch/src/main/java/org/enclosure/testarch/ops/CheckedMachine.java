package org.enclosure.testarch.ops;

import java.util.function.LongSupplier;

import org.enclosure.api.Paging;
import org.enclosure.spi.OperationCall;
import org.enclosure.testarch.machine.Code;
import org.enclosure.testarch.machine.Entry;
import org.enclosure.testarch.machine.FrameTable;
import org.enclosure.testarch.machine.FrameWord;
import org.enclosure.testarch.machine.StageTwo;
import org.enclosure.testarch.machine.TestMachine;

/// The machine's operations with operands from outside: whatever names nothing that exists is a BAD_OPERAND, and nothing throws.
final class CheckedMachine {
    private final TestMachine machine;
    private final FrameTable frames;
    private final StageTwo tables;

    CheckedMachine(TestMachine machine) {
        this.machine = machine;
        frames = machine.frames();
        tables = machine.stageTwo();
    }

    long assign(OperationCall call) {
        boolean isLegal = isRun(call.in(0), call.in(1)) && call.in(2) >= 0
                && call.in(2) <= FrameWord.GFN_LIMIT - call.in(1)
                && isOwner(call.in(3)) && (call.in(4) & ~(FrameWord.LARGE | FrameWord.INTEGRITY)) == 0;
        return isLegal ? frames.assign(pfn(call.in(0)), call.in(1), call.in(2), (int) call.in(3), call.in(4))
                : Code.BAD_OPERAND;
    }

    long release(OperationCall call) {
        if (!isRun(call.in(0), call.in(1)) || !isOwner(call.in(2)) || call.in(3) < 0 || call.in(3) > FrameTable.WIPE) {
            return Code.BAD_OPERAND;
        }
        call.out(0, frames.release(pfn(call.in(0)), call.in(1), (int) call.in(2), (int) call.in(3)));
        return Code.SUCCESS;
    }

    long accept(OperationCall call) {
        boolean isLegal = isRun(call.in(0), call.in(1)) && call.in(2) >>> 1 == 0;
        for (long i = 0; isLegal && i < call.in(1); i++) {
            isLegal = frames.word(pfn(call.in(0)) + i) != FrameWord.HOST;
        }
        return isLegal ? frames.accept(pfn(call.in(0)), call.in(1), call.in(2) == 1) : Code.BAD_OPERAND;
    }

    long splitFrame(OperationCall call) {
        return isRun(call.in(0), 1) ? frames.split(pfn(call.in(0))) : Code.BAD_OPERAND;
    }

    /// The launch's part: private frames get their content from the host's, or zeroes.
    long fill(OperationCall call) {
        long pa = call.in(0);
        long source = call.in(1);
        long pages = pfn(call.in(2));
        boolean isLegal = Paging.isPageAligned(call.in(2)) && isRun(pa, pages)
                && (source == -1 || source == pa || isRun(source, pages) && Math.abs(source - pa) >= call.in(2));
        for (long i = 0; isLegal && i < pages; i++) {
            isLegal = frames.word(pfn(pa) + i) != FrameWord.HOST;
        }
        if (!isLegal) {
            return Code.BAD_OPERAND;
        }
        frames.fill(pa, source, call.in(2));
        return Code.SUCCESS;
    }

    /// What a write of the host does to a frame with integrity protection, if its word still is the one given.
    long poison(OperationCall call) {
        boolean isLegal = isRun(call.in(0), 1) && (call.in(1) & FrameWord.INTEGRITY) != 0;
        return !isLegal ? Code.BAD_OPERAND : frames.poison(pfn(call.in(0)), call.in(1)) ? Code.SUCCESS : Code.MISMATCH;
    }

    /// What becomes of a VM that touches a poisoned page.
    long kill(OperationCall call) {
        if (!isControl(call)) {
            return Code.BAD_OPERAND;
        }
        tables.kill(call.in(0));
        return Code.SUCCESS;
    }

    long state(OperationCall call) {
        return out(call, isRun(call.in(0), 1), () -> frames.word(pfn(call.in(0))));
    }

    long setFrame(OperationCall call) {
        if (!isRun(call.in(0), 1)) {
            return Code.BAD_OPERAND;
        }
        frames.force(pfn(call.in(0)), call.in(1));
        return Code.SUCCESS;
    }

    long read64(OperationCall call) {
        long pa = call.in(0);
        boolean isLegal = (pa & Long.BYTES - 1) == 0 && frames.exists(pfn(pa), 1);
        return out(call, isLegal, () -> frames.word(pfn(pa)) == FrameWord.HOST ? machine.memory().getLong(pa)
                : FrameTable.scrambled(pa, machine.memory().getLong(pa)));
    }

    long init(OperationCall call) {
        return isFresh(call.in(0)) && isOwner(call.in(1)) ? tables.init(call.in(0), (int) call.in(1))
                : Code.BAD_OPERAND;
    }

    long close(OperationCall call) {
        return isControl(call) ? tables.close(call.in(0)) : Code.BAD_OPERAND;
    }

    long enter(OperationCall call) {
        return out(call, isControl(call), () -> machine.epochs().enter(call.in(0)));
    }

    long leave(OperationCall call) {
        return isControl(call) ? machine.epochs().leave(call.in(0), (int) call.in(1)) : Code.BAD_OPERAND;
    }

    long flush(OperationCall call) {
        return isControl(call) ? machine.epochs().flush(call.in(0)) : Code.BAD_OPERAND;
    }

    long addTable(OperationCall call) {
        long level = call.in(2);
        boolean isLegal = isEntry(call) && level > Paging.LEVEL_4K && level <= StageTwo.TABLE_LEVELS + 1
                && isFresh(call.in(3));
        return isLegal ? tables.addTable(call.in(0), call.in(1), (int) level, call.in(3)) : Code.BAD_OPERAND;
    }

    long dropTable(OperationCall call) {
        return out(call, isControl(call), () -> tables.dropTable(call.in(0)));
    }

    long addLeaf(OperationCall call) {
        long level = call.in(2);
        if (!isEntry(call) || level < Paging.LEVEL_4K || level > Paging.LEVEL_2M
                || !Paging.isAligned(call.in(1), (int) level)) {
            return Code.BAD_OPERAND;
        }
        long npages = Paging.pages((int) level);
        boolean isLegal = isRun(call.in(3), npages) && Paging.isAligned(pfn(call.in(3)), (int) level)
                && (call.in(4) == -1 || isRun(call.in(4), npages))
                && (call.in(5) & ~(Entry.PRIVATE | Entry.LOCKED)) == 0;
        return isLegal ? tables.addLeaf(call.in(0), call.in(1), (int) level, call.in(3), call.in(4), call.in(5))
                : Code.BAD_OPERAND;
    }

    long block(OperationCall call) {
        return isEntry(call) ? tables.block(call.in(0), call.in(1)) : Code.BAD_OPERAND;
    }

    long removeLeaf(OperationCall call) {
        return isEntry(call) ? tables.removeLeaf(call.in(0), call.in(1)) : Code.BAD_OPERAND;
    }

    long splitLeaf(OperationCall call) {
        return isEntry(call) && isFresh(call.in(2)) ? tables.split(call.in(0), call.in(1), call.in(2))
                : Code.BAD_OPERAND;
    }

    long mergeLeaves(OperationCall call) {
        return isEntry(call) ? tables.merge(call.in(0), call.in(1)) : Code.BAD_OPERAND;
    }

    long leaf(OperationCall call) {
        if (!isEntry(call)) {
            return Code.BAD_OPERAND;
        }
        long where = tables.find(call.in(0), call.in(1), Paging.LEVEL_4K);
        call.out(0, tables.entry(where));
        call.out(1, StageTwo.level(where));
        return Code.SUCCESS;
    }

    private static long out(OperationCall call, boolean isLegal, LongSupplier value) {
        if (!isLegal) {
            return Code.BAD_OPERAND;
        }
        call.out(0, value.getAsLong());
        return Code.SUCCESS;
    }

    private boolean isControl(OperationCall call) {
        return tables.isControl(call.in(0));
    }

    private boolean isEntry(OperationCall call) {
        return isControl(call) && call.in(1) >= 0 && call.in(1) < StageTwo.GFN_LIMIT;
    }

    /// A zeroed frame of the host, as tables and control pages need it.
    private boolean isFresh(long pa) {
        return isRun(pa, 1) && frames.word(pfn(pa)) == FrameWord.HOST && machine.memory().isZero(pa, Paging.PAGE_SIZE);
    }

    private boolean isRun(long pa, long npages) {
        return Paging.isPageAligned(pa) && frames.exists(pfn(pa), npages);
    }

    private static boolean isOwner(long owner) {
        return owner > 0 && owner <= FrameWord.MAX_OWNER;
    }

    private static long pfn(long pa) {
        return pa >>> Paging.PAGE_SHIFT;
    }
}
