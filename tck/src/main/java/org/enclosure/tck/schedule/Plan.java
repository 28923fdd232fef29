package org.enclosure.tck.schedule;

import java.util.Arrays;
import java.util.List;

/// Which thread starts, and at which yield points another one goes on. The same plan gives the same run.
///
/// @param first the thread that starts
/// @param preemptions in the order of their points
public record Plan(int first, List<Preemption> preemptions) {
    /// One preemption.
    ///
    /// @param point number of the yield point, counted over all threads
    /// @param to the thread that goes on
    public record Preemption(int point, int to) {
    }

    /// Copies the list.
    public Plan {
        preemptions = List.copyOf(preemptions);
    }

    /// A plan without preemptions.
    public static Plan of(int first) {
        return new Plan(first, List.of());
    }

    /// A plan with one preemption more, behind all others.
    Plan with(Preemption last) {
        List<Preemption> more = new java.util.ArrayList<>(preemptions);
        more.add(last);
        return new Plan(first, more);
    }

    /// The point of the last preemption, 0 if there is none.
    int lastPoint() {
        return preemptions.isEmpty() ? 0 : preemptions.getLast().point();
    }

    /// A number that no other plan of a race has.
    long name() {
        long name = first;
        for (Preemption one : preemptions) {
            name = Names.mix(name, (long) one.point << 8 | one.to);
        }
        return name;
    }

    /// A plan without one of the preemptions.
    Plan without(int index) {
        List<Preemption> fewer = new java.util.ArrayList<>(preemptions);
        fewer.remove(index);
        return new Plan(first, fewer);
    }

    /// The text from which [#parse] makes the plan again: `first` and then `point:to` for each preemption.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(first);
        preemptions.forEach(one -> text.append(' ').append(one.point).append(':').append(one.to));
        return text.toString();
    }

    /// The plan of a text.
    public static Plan parse(String text) {
        String[] words = text.strip().split(" ", -1);
        return new Plan(Integer.parseInt(words[0]), Arrays.stream(words).skip(1).map(word -> {
            int colon = word.indexOf(':');
            return new Preemption(Integer.parseInt(word.substring(0, colon)),
                    Integer.parseInt(word.substring(colon + 1)));
        }).toList());
    }
}
