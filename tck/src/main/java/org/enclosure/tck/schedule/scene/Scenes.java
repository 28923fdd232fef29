package org.enclosure.tck.schedule.scene;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import org.enclosure.tck.schedule.Race;

/// Makes races; the way into the woven classes, by a function of a text: provider class, type, page, whether all starts shared, and
/// the acts, separated by commas.
public final class Scenes implements Function<String, Supplier<Race>> {
    /// For reflection.
    public Scenes() {
    }

    @Override
    public Supplier<Race> apply(String text) {
        List<String> words = List.of(text.split(",", -1));
        SceneConfig config = new SceneConfig(words.get(0), words.get(1), words.get(2),
                Boolean.parseBoolean(words.get(3)));
        List<Act> acts = words.subList(4, words.size()).stream().map(Act::valueOf).toList();
        return () -> new ActRace(config, acts);
    }
}
