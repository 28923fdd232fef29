package org.enclosure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The difference of two texts by lines, each change under the last line that is not indented.
final class LineDiff {
    private LineDiff() {
    }

    /// Lines that are gone have a minus, new ones a plus; empty if the texts are equal.
    static List<String> of(List<String> before, List<String> after) {
        int[][] common = commonFrom(before, after);
        List<String> changes = new ArrayList<>();
        String heading = "";
        String shown = "";
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                heading = before.get(i).startsWith(" ") ? heading : before.get(i);
                i++;
                j++;
                continue;
            }
            boolean gone = j == after.size() || i < before.size() && common[i + 1][j] >= common[i][j + 1];
            String line = gone ? before.get(i++) : after.get(j++);
            if (!line.startsWith(" ")) {
                heading = line;
                shown = line;
            } else if (!heading.equals(shown)) {
                changes.add("  " + heading);
                shown = heading;
            }
            changes.add((gone ? "- " : "+ ") + line);
        }
        return Collections.unmodifiableList(changes);
    }

    /// The length of the longest common subsequence of what follows line i and line j.
    private static int[][] commonFrom(List<String> before, List<String> after) {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j)) ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }
}
