package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.Locale;

import org.apiguardian.api.API;

/// One step of a launch, in the order in which it is measured.
///
/// @param kind whether pages are filled or only described
/// @param gfn first page
/// @param npages number of pages; 1 for [Kind#PAGE]
/// @param imageOffset byte offset of the page's content in the image, or -1 for a zero page
/// @param type the architecture's own page type
/// @param flags the architecture's own flags
@API(status = EXPERIMENTAL, since = "0.1")
public record LaunchItem(Kind kind, long gfn, long npages, long imageOffset, int type, long flags) {
    /// What a launch item does.
    @API(status = EXPERIMENTAL, since = "0.1")
    public enum Kind {
        /// Adds one page.
        PAGE,
        /// Describes a range; no frame is handed over.
        RANGE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Checks the counts.
    public LaunchItem {
        if (gfn < 0 || npages <= 0 || kind == Kind.PAGE && npages != 1) {
            throw new IllegalArgumentException(
                    "launch item gfn=0x" + Long.toHexString(gfn) + " npages=" + npages + " is not legal for a " + kind);
        }
    }
}
