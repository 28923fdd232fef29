package org.enclosure.tck.weave;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.enclosure.tck.schedule.Race;
import org.enclosure.tck.schedule.scene.Act;
import org.enclosure.tck.schedule.scene.Subject;
import org.enclosure.tck.weave.WovenLoader.Weave;

/// Races on an engine with yield points, perhaps a wrong one.
public final class WovenScenes {
    private final Function<String, Supplier<Race>> scenes;

    /// @param mutants changes of the engine, by class name
    @SuppressWarnings("unchecked")
    public WovenScenes(Map<String, UnaryOperator<ChangedClass>> mutants, Weave weave) {
        try {
            Class<?> type = new WovenLoader(mutants, weave).loadClass("org.enclosure.tck.schedule.scene.Scenes");
            scenes = (Function<String, Supplier<Race>>) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the woven engine cannot be loaded: " + e.getMessage(), e);
        }
    }

    /// A race of acts.
    public Supplier<Race> race(Subject subject, boolean startsShared, Act... acts) {
        return scenes.apply(subject.text() + "," + startsShared + ","
                + Arrays.stream(acts).map(Act::name).collect(Collectors.joining(",")));
    }
}
