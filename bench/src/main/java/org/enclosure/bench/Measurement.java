package org.enclosure.bench;

import java.util.Map;
import java.util.TreeMap;

/// One thing to be measured in JVMs of its own: a benchmark, its parameters, the order of accesses. Equal ones are measured once.
///
/// @param benchmark class and method, by the class's simple name
/// @param parameters JMH parameters by name; `plugins` is set by the suite where the benchmark has it
/// @param symmetric whether the marks of accesses are volatile
/// @param single whether the first call in a JVM is what is wanted
record Measurement(String benchmark, Map<String, String> parameters, boolean symmetric, boolean single) {
    private static final String PLUGINS = "plugins";

    /// A benchmark of the engine; parameters as `name=value`.
    static Measurement of(String benchmark, String... parameters) {
        return new Measurement(benchmark, parse(parameters), false, false);
    }

    private static Map<String, String> parse(String[] parameters) {
        Map<String, String> map = new TreeMap<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            map.put(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        return map;
    }

    /// In the symmetric order of accesses.
    Measurement inSymmetricOrder() {
        return new Measurement(benchmark, parameters, true, single);
    }

    /// The first call in a JVM.
    Measurement once() {
        return new Measurement(benchmark, parameters, symmetric, true);
    }

    /// Whether it runs the engine, and so depends on which plugins the JVM knows.
    boolean usesPlugins() {
        return !benchmark.startsWith("Raw");
    }

    /// With the plugins of [Plugins] where that matters.
    Measurement with(String plugins) {
        if (!usesPlugins()) {
            return this;
        }
        Map<String, String> map = new TreeMap<>(parameters);
        map.put(PLUGINS, plugins);
        return new Measurement(benchmark, map, symmetric, single);
    }

    @Override
    public String toString() {
        return benchmark + " " + parameters + (symmetric ? " symmetric" : "");
    }
}
