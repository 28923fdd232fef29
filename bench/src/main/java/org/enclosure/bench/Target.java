package org.enclosure.bench;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/// What a figure has to reach.
///
/// @param kind how it is compared
/// @param limit in the unit of the figure, but for multiples of the floor
public record Target(Kind kind, double limit) {
    /// How a figure is compared with a limit.
    public enum Kind {
        /// Not more than the limit.
        AT_MOST("<="),
        /// Not more than the limit above the floor.
        AT_MOST_ABOVE_FLOOR("<= floor +"),
        /// Not more than so many times the floor.
        AT_MOST_TIMES_FLOOR("<= floor *"),
        /// Not less than the limit.
        AT_LEAST(">=");

        private final String sign;

        Kind(String sign) {
            this.sign = sign;
        }
    }

    /// Whether a figure reaches it; null if that needs a floor and there is none.
    @Nullable
    Boolean isMet(double figure, @Nullable Double floor) {
        return switch (kind) {
            case AT_MOST -> figure <= limit;
            case AT_MOST_ABOVE_FLOOR -> floor == null ? null : figure <= floor + limit;
            case AT_MOST_TIMES_FLOOR -> floor == null ? null : figure <= floor * limit;
            case AT_LEAST -> figure >= limit;
        };
    }

    /// In few characters, without the unit.
    @Override
    public String toString() {
        String number = limit == Math.rint(limit) ? String.format(Locale.ROOT, "%.0f", limit)
                : String.format(Locale.ROOT, "%s", limit);
        return kind.sign + " " + number;
    }
}
