package org.enclosure.cli.verify.snp;

import org.enclosure.cli.verify.CaseFailure;

/// Page sizes as these files write them.
final class Sizes {
    private Sizes() {
    }

    /// 0 for 4K, 1 for 2M.
    static long large(String size) {
        long order = order(size);
        if (order > 1) {
            throw CaseFailure.unknown("size " + size);
        }
        return order;
    }

    /// 0 for 4K, 1 for 2M, 2 for 1G.
    static long order(String size) {
        return switch (size) {
            case "4K" -> 0;
            case "2M" -> 1;
            case "1G" -> 2;
            default -> throw CaseFailure.unknown("size " + size);
        };
    }
}
