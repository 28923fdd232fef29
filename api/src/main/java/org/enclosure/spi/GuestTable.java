package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// What the host asks of the tables of one VM: stage 2 where the backend owns it, and ownership.
///
/// Page numbers are gfns without the address tag; `work.access` carries [org.enclosure.api.Access#PRIVATE] where the private
/// half is meant. Levels are 1, 2, 3. No call waits (rule WAIT-1), allocates, or throws for anything that a guest or a host
/// can cause. The rules are numbered in the package documentation.
@API(status = EXPERIMENTAL, since = "0.1")
public interface GuestTable {
    /// Maps a page, or takes ownership of its frame where the engine maps it.
    ///
    /// @param gfn the page that is wanted
    /// @param pfn its frame; gfn and pfn have the same place in a block of `level`
    /// @param level the largest level that the engine offers: the block of that level around gfn has one kind and lies in one
    ///        folio
    /// @return OK or SPURIOUS with `work.level` = the level mapped (at most `level`); RETRY, NEED_FRAMES, LEVEL, SPLIT,
    ///         DENIED (MAP-3) or QUARANTINE, with nothing changed (MAP-1)
    long map(long gfn, long pfn, int level, TableWork work);

    /// Checks a whole range, then takes it out of the guest's reach (BLK-1): the last chance to refuse. A later `map` of a
    /// blocked page puts it back (BLK-2). `work.done` says how many pages were in reach, so that the engine can leave out the
    /// flush when there were none.
    ///
    /// @return OK, RETRY, or DENIED with the first gfn that stands in the way in the detail
    long block(long gfn, long npages, TableWork work);

    /// Makes what was blocked unreachable for all vCPUs, together with the engine's own shootdown.
    ///
    /// @return OK, or RETRY (the engine kicks the vCPUs first)
    long flush(TableWork work);

    /// Changes the kind of a blocked range; `work.toPrivate` says to which, `work.call` is the guest's request or null.
    long convert(long gfn, long npages, TableWork work);

    /// Takes a run of frames out of the tables; `work.reason` says why. With CONVERT, PUNCH and TEARDOWN the frames are the
    /// host's afterwards. With SLOT the guest's address goes but the page lives on in its store, bound nowhere: a backend that
    /// can keep its bytes from the host without a guest address leaves the frames as they are.
    ///
    /// @param gfn first page, or -1 for frames that are bound nowhere
    /// @param pfn first of `npages` consecutive frames
    /// @return OK or SPURIOUS (it was not there) with `work.content` (REM-1), with MORE when only the first `work.done` pages
    ///         were done; RETRY; QUARANTINE
    long remove(long gfn, long pfn, long npages, TableWork work);

    /// Makes the mapping that covers `gfn` one of `level`: a split pops table frames, a merge pushes them.
    ///
    /// What is split was blocked and flushed before. What is merged was not, because it stays in reach: a backend that has to
    /// block it does so itself, and answers RETRY until the vCPUs, which the engine kicks after each RETRY, have left. A
    /// merge is asked for where the VM type has MERGES only, for a whole block of one kind in one folio whose pages are all
    /// in one state by [#inspect].
    ///
    /// @return OK, SPURIOUS, RETRY, NEED_FRAMES, or DENIED where a merge is not possible
    long resize(long gfn, long pfn, int level, TableWork work);

    /// Reads the state of one page; changes nothing.
    ///
    /// @param pfn the frame that the engine holds for the page, or -1
    /// @return an index into [VmType#pageStates()]
    long inspect(long gfn, long pfn, TableWork work);
}
