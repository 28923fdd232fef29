package org.enclosure.core.convert;

import org.enclosure.api.Paging;
import org.enclosure.core.translation.TranslationDomain;

/// The union of the gfns of all bound parts and their aliases, rounded out to the largest leaf that may exist there.
final class RangeUnion {
    private RangeUnion() {
    }

    static void begin(PartList parts, TranslationDomain domain, int maxLevel) {
        long start = Long.MAX_VALUE;
        long end = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.isBound()) {
                start = Math.min(start, Paging.floor(part.gfn, maxLevel));
                end = Math.max(end, Paging.ceil(part.endGfn(), maxLevel));
            }
        }
        for (int i = 0; i < parts.aliasCount(); i++) {
            Part part = parts.alias(i);
            start = Math.min(start, Paging.floor(part.gfn, maxLevel));
            end = Math.max(end, Paging.ceil(part.endGfn(), maxLevel));
        }
        if (start < end) {
            domain.begin(start, end);
        }
    }

    static void end(PartList parts, TranslationDomain domain) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).isBound()) {
                domain.end();
                return;
            }
        }
    }
}
