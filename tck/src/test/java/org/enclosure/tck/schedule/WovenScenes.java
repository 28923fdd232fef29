package org.enclosure.tck.schedule;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.enclosure.tck.schedule.scene.Act;
import org.enclosure.tck.weave.ChangedClass;
import org.enclosure.tck.weave.WovenLoader;

/// Races on an engine with yield points, perhaps a wrong one.
final class WovenScenes {
    private final Function<String, Supplier<Race>> scenes;

    /// @param mutants changes of the engine, by class name
    @SuppressWarnings("unchecked")
    WovenScenes(Map<String, UnaryOperator<ChangedClass>> mutants) {
        try {
            Class<?> type = new WovenLoader(mutants, true).loadClass("org.enclosure.tck.schedule.scene.Scenes");
            scenes = (Function<String, Supplier<Race>>) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the woven engine cannot be loaded: " + e.getMessage(), e);
        }
    }

    /// A race of acts.
    Supplier<Race> race(Subject subject, boolean startsShared, Act... acts) {
        return scenes.apply(subject.text() + "," + startsShared + ","
                + Arrays.stream(acts).map(Act::name).collect(Collectors.joining(",")));
    }
}
