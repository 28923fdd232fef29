package org.enclosure.core.convert;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.translation.TranslationDomain;
import org.enclosure.core.translation.TranslationHolder;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.TableWork;
import org.jspecify.annotations.Nullable;

/// Takes the parts of a conversion from everybody who reaches them: the first half of a change, up to the last chance to refuse.
/// Used under the mutation lock.
final class Withdrawal {
    private final TranslationDomain domain;
    private final int maxLevel;
    private final TableCalls calls;
    private final Zapper zapper;
    private final ContentRules content;
    private final PartList parts;

    Withdrawal(VmCore vm, TableCalls calls, Zapper zapper, ContentRules content, PartList parts) {
        domain = vm.domain();
        maxLevel = vm.maxLevel();
        this.calls = calls;
        this.zapper = zapper;
        this.content = content;
        this.parts = parts;
    }

    /// Pins of anonymous memory hang on a lock of its own.
    void lock(boolean toPrivate) {
        for (int i = 0; toPrivate && i < parts.size(); i++) {
            MemoryObject hostPages = hostPages(parts.get(i));
            if (hostPages != null) {
                hostPages.lock().lock();
            }
        }
    }

    void unlock(boolean toPrivate) {
        for (int i = 0; toPrivate && i < parts.size(); i++) {
            MemoryObject hostPages = hostPages(parts.get(i));
            if (hostPages != null) {
                hostPages.lock().unlock();
            }
        }
    }

    /// The pages that a conversion of the part to private takes from the host, because they are the private pages, or because
    /// the policy touches what is not used any more; null if the host keeps its pages.
    @Nullable
    MemoryObject hostPages(Part part) {
        return part.isInPlace() || content.touchesUnusedHalf() ? part.sharedObject : null;
    }

    /// Begins: faults keep off what the guest loses, host accesses what the host loses. [#end] ends it.
    void begin(boolean toPrivate) {
        RangeUnion.begin(parts, domain, maxLevel);
        beginViews(toPrivate);
    }

    void end(boolean toPrivate) {
        endViews(toPrivate);
        RangeUnion.end(parts, domain);
    }

    /// Takes the parts away: from the guest the half that it loses, from the host what becomes private.
    ///
    /// @throws GuestMemoryException EIO if the architecture refuses; then nothing was taken that a touch does not bring back
    void take(boolean toPrivate, @Nullable GuestCall call, @Nullable TranslationHolder self) {
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            MemoryObject old = part.object(!toPrivate);
            if (part.isBound() && old != null) {
                zapper.splitEdges(old, part.start(!toPrivate), part.gfn, part.endGfn(), !toPrivate, self);
            }
        }
        block(toPrivate, call);
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.isBound()) {
                zapper.clear(part.gfn, part.endGfn(), part.blocked, self);
            }
        }
        for (int i = 0; i < parts.aliasCount(); i++) {
            zapper.clear(parts.alias(i).gfn, parts.alias(i).endGfn(), 0, self);
        }
        for (int i = 0; toPrivate && i < parts.size(); i++) {
            Part part = parts.get(i);
            MemoryObject hostPages = hostPages(part);
            if (hostPages != null) {
                hostPages.shootViews(part.sharedStart, part.sharedStart + part.pages);
            }
        }
    }

    /// The last chance to refuse: if a part is refused, those before it are in the guest's reach again when this throws.
    private void block(boolean toPrivate, @Nullable GuestCall call) {
        int done = 0;
        try {
            for (; done < parts.size(); done++) {
                Part part = parts.get(done);
                part.blocked = part.isBound()
                        ? calls.block(part.gfn, part.pages, TableWork.CONVERT, !toPrivate, toPrivate, call) : 0;
            }
        } catch (GuestMemoryException e) {
            for (int i = 0; i < done; i++) {
                unblock(parts.get(i), !toPrivate);
            }
            Part refused = parts.get(done);
            throw e.errorOffset() < 0 || refused.offset == 0 ? e
                    : new GuestMemoryException(e.errno(), refused + ": " + e.getMessage(),
                            e.errorOffset() + (refused.offset << Paging.PAGE_SHIFT), e.holders());
        }
    }

    private void unblock(Part part, boolean isPrivate) {
        MemoryObject object = part.blocked == 0 ? null : part.object(isPrivate);
        for (long at = 0; object != null && at < part.pages;) {
            long runEnd = part.kindRunEnd(at);
            if (part.isPrivateAt(at) == isPrivate) {
                calls.mapRuns(object.folios(), part.start(isPrivate) + at, part.start(isPrivate) + runEnd,
                        part.gfn + at,
                        isPrivate);
            }
            at = runEnd;
        }
    }

    private void beginViews(boolean toPrivate) {
        for (int i = 0; toPrivate && i < parts.size(); i++) {
            Part part = parts.get(i);
            MemoryObject hostPages = hostPages(part);
            if (hostPages != null) {
                hostPages.beginViews(part.sharedStart, part.sharedStart + part.pages);
            }
        }
    }

    private void endViews(boolean toPrivate) {
        for (int i = 0; toPrivate && i < parts.size(); i++) {
            Part part = parts.get(i);
            MemoryObject hostPages = hostPages(part);
            if (hostPages != null) {
                hostPages.endViews(part.sharedStart, part.sharedStart + part.pages);
            }
        }
    }
}
