package org.enclosure.core.s2;

import org.enclosure.api.Paging;
import org.enclosure.core.attr.AttributeMap;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.mem.AllocationProbe;
import org.enclosure.core.mem.FrameMagazine;

/// Runs everything of the three tables that must not allocate, and counts what it allocates. Also run with `-Xint`.
final class TablesAllocationExercise {
    private static final int ROUNDS = 10;
    private static final long BLOCK = Paging.PAGES_PER_2M;
    private static final long PAGES = Paging.PAGES_PER_1G + 9 * BLOCK + 3;

    private final TableFrames host = new TableFrames(TableFrames.FOUR_LEVELS);
    private final AttributeMap attributes = new AttributeMap(PAGES, false);
    private final FolioMap folios = new FolioMap(PAGES, host.frames);
    private final FrameMagazine magazine = new FrameMagazine(host.frames);
    private long sum;

    public static void main(String[] args) {
        TablesAllocationExercise exercise = new TablesAllocationExercise();
        System.out.println("allocated " + exercise.steadyState() + " bytes");
        System.exit(exercise.sum == 0 ? 1 : 0);
    }

    /// Bytes that the rounds allocate once everything is warm.
    long steadyState() {
        return AllocationProbe.steadyState(ROUNDS, this::round);
    }

    private void round() {
        convert();
        populate();
        map();
        sum += folios.presentPages() + attributes.privatePages() + host.table.leaves(1) + host.table.tableFrames();
        sum += host.table.unmap(0, PAGES, host.detached);
        host.detached.freeAll();
        sum += folios.remove(5, 6, host.detached) + folios.remove(0, PAGES, host.detached);
        host.detached.freeAll();
    }

    private void convert() {
        attributes.reserve(0, PAGES);
        attributes.set(0, PAGES, true);
        attributes.set(3, 700, false);
        attributes.set(500, 600, true);
        attributes.set(0, BLOCK, false);
        sum += attributes.isPrivate(600) ? 1 : 0;
        sum += attributes.isUniform(600, 3) || attributes.isUniform(3, PAGES, true) ? 1 : 0;
        sum += attributes.runEnd(0, PAGES);
    }

    private void populate() {
        for (long pgoff = 0; pgoff < 20; pgoff++) {
            sum += folios.resolve(pgoff, 0, (pgoff & 1) == 0, magazine);
            sum += folios.get(pgoff);
        }
        sum += folios.resolve(PAGES - 1, 9, true, magazine) + folios.resolve(4 * BLOCK, 9, false, magazine);
        folios.markZeroed(4 * BLOCK + 1, 4 * BLOCK + 9);
        folios.markUnzeroed(0, 10);
        folios.resolve(0, 0, true, magazine);
        folios.split(4 * BLOCK, 0);
        folios.markZeroed(4 * BLOCK, 5 * BLOCK);
        sum += folios.merge(4 * BLOCK, 9) ? 1 : 0;
        sum += folios.runEnd(4 * BLOCK, PAGES) + folios.nextPresent(20, PAGES);
    }

    private void map() {
        for (long gfn = 0; gfn < 20; gfn++) {
            host.topUp(host.cache);
            sum += host.table.publish(gfn, gfn, 1, true, host.cache) + host.table.walk(gfn);
        }
        host.table.publish(BLOCK, BLOCK, 2, false, host.cache);
        sum += host.table.splitLeaf(BLOCK, 2, host.cache) + host.table.walk(BLOCK);
    }
}
