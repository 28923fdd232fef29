package org.enclosure.tck.random;

import java.util.List;
import java.util.function.UnaryOperator;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.VmType;
import org.enclosure.tck.plugin.Plugin;

/// A run of the driver as a function of a text, for engines that were loaded anew: provider class, VM type, page, seed, steps.
/// Answers empty, or what is wrong.
public final class DriverProgram implements UnaryOperator<String> {
    /// For reflection.
    public DriverProgram() {
    }

    @Override
    public String apply(String text) {
        List<String> words = List.of(text.split(",", -1));
        try {
            ArchitectureProvider provider = Class.forName(words.get(0)).asSubclass(ArchitectureProvider.class)
                    .getConstructor().newInstance();
            Plugin plugin = Plugin.of(provider).withTypes(words.get(1)).builtIn();
            VmType type = plugin.testedTypes().getFirst();
            new RandomDriver(plugin, type, words.get(2), Long.parseLong(words.get(3)))
                    .run(Integer.parseInt(words.get(4)), new Histogram());
            return "";
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the plugin cannot be made anew: " + e.getMessage(), e);
        } catch (AssertionError e) {
            return String.valueOf(e.getMessage());
        }
    }
}
