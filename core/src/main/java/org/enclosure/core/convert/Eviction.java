package org.enclosure.core.convert;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.spi.TableWork;
import org.jspecify.annotations.Nullable;

/// Takes the collected parts from the vCPUs and out of the tables without changing their kind. Used under the mutation lock, inside
/// of begin .. end.
///
/// All that can be refused comes first, for all parts: splits of mappings that stick out, then the block. A refusal leaves
/// everything in reach as it was.
final class Eviction {
    private final PartList parts;
    private final Zapper zapper;
    private final TableCalls calls;

    /// What is done with each stretch of one kind.
    private enum Step {
        SPLIT, BLOCK, UNBLOCK, TAKE
    }

    Eviction(PartList parts, Zapper zapper, TableCalls calls) {
        this.parts = parts;
        this.zapper = zapper;
        this.calls = calls;
    }

    /// Takes the parts away.
    ///
    /// @param only the object whose pages are meant, or null for all
    /// @throws GuestMemoryException ENOMEM if a mapping cannot be split, EIO if the architecture refuses; then nothing has changed
    void run(int reason, @Nullable MemoryObject only) {
        each(Step.SPLIT, reason, only);
        block(reason, only);
        for (int i = 0; i < parts.aliasCount(); i++) {
            Part alias = parts.alias(i);
            zapper.clear(alias.gfn, alias.endGfn(), alias.blocked, null);
        }
        each(Step.TAKE, reason, only);
    }

    private void block(int reason, @Nullable MemoryObject only) {
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).blocked = 0;
        }
        try {
            for (int i = 0; i < parts.aliasCount(); i++) {
                Part alias = parts.alias(i);
                alias.blocked = block(alias, 0, alias.pages, reason);
            }
            each(Step.BLOCK, reason, only);
        } catch (GuestMemoryException e) {
            each(Step.UNBLOCK, reason, only);
            throw e;
        }
    }

    private void each(Step step, int reason, @Nullable MemoryObject only) {
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            for (long at = 0; at < part.pages;) {
                long runEnd = part.kindRunEnd(at);
                if (only == null || part.object(part.isPrivateAt(at)) == only) {
                    apply(step, part, at, runEnd, reason);
                }
                at = runEnd;
            }
        }
    }

    /// The tables are told of the half that is in use.
    private void apply(Step step, Part part, long from, long to, int reason) {
        boolean isPrivate = part.isPrivateAt(from);
        MemoryObject object = part.object(isPrivate);
        long start = part.start(isPrivate) + from;
        switch (step) {
            case SPLIT -> {
                if (part.isBound() && object != null) {
                    zapper.splitEdges(object, start, part.gfn + from, part.gfn + to, isPrivate, null);
                }
            }
            case BLOCK -> part.blocked += part.isBound() ? block(part, from, to, reason) : 0;
            case UNBLOCK -> {
                if (object != null && part.blocked != 0) {
                    calls.mapRuns(object.folios(), start, start + to - from, part.gfn + from, isPrivate);
                }
            }
            case TAKE -> {
                if (part.isBound()) {
                    zapper.clear(part.gfn + from, part.gfn + to, part.blocked, null);
                }
                if (object != null) {
                    remove(object, start, to - from, part.gfnAt(from), isPrivate, reason);
                }
            }
        }
    }

    private long block(Part part, long from, long to, int reason) {
        boolean isPrivate = part.isPrivateAt(from);
        return calls.block(part.gfn + from, to - from, reason, isPrivate, isPrivate, null);
    }

    /// Takes the populated pages of a stretch out of the tables.
    ///
    /// @param gfn the first gfn, or [Part#UNBOUND]
    void remove(MemoryObject object, long start, long pages, long gfn, boolean isPrivate, int reason) {
        FolioMap folios = object.folios();
        long end = start + pages;
        for (long at = folios.nextPresent(start, end); at < end;) {
            long runEnd = folios.runEnd(at, end);
            long pfn = FolioMap.pfn(folios.settled(at));
            int content = calls.remove(gfn < 0 ? gfn : gfn + at - start, pfn, runEnd - at, reason, isPrivate);
            runEnd = at + calls.removed();
            if (content == TableWork.LOST) {
                folios.markUnzeroed(at, runEnd);
            }
            at = folios.nextPresent(runEnd, end);
        }
    }
}
