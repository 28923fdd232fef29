package org.enclosure.cli.script;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// The names that somebody may have meant.
public final class NearestNames {
    private NearestNames() {
    }

    /// The names with the smallest edit distance, nearest first; case does not count.
    public static List<String> of(String name, Collection<String> names, int count) {
        String wanted = name.toUpperCase(Locale.ROOT);
        Comparator<String> byDistance = Comparator
                .comparingInt(other -> distance(wanted, other.toUpperCase(Locale.ROOT)));
        return names.stream().sorted(byDistance.thenComparing(Comparator.naturalOrder())).limit(count).toList();
    }

    /// The Levenshtein distance.
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
