package org.enclosure.tck.weave;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Loads the engine, the plugins and the scenes of the scheduler anew, changed; the API, the SPI and the scheduler itself are
/// those of the test.
public final class WovenLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Map<String, UnaryOperator<ChangedClass>> mutants;
    private final boolean weaves;

    /// @param mutants changes by class name, made before the yield points are woven in
    /// @param weaves whether yield points are woven in
    public WovenLoader(Map<String, UnaryOperator<ChangedClass>> mutants, boolean weaves) {
        super("woven", WovenLoader.class.getClassLoader());
        this.mutants = Map.copyOf(mutants);
        this.weaves = weaves;
    }

    private static boolean isOwn(String name) {
        return name.startsWith("org.enclosure.") && !name.startsWith("org.enclosure.api.")
                && !name.startsWith("org.enclosure.spi.") && !name.startsWith("org.enclosure.tck.weave.")
                && (!name.startsWith("org.enclosure.tck.schedule.")
                        || name.startsWith("org.enclosure.tck.schedule.scene."));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isOwn(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = read(name);
        UnaryOperator<ChangedClass> mutant = mutants.get(name);
        if (mutant != null) {
            bytes = mutant.apply(new ChangedClass(name, bytes)).bytes();
        }
        if (weaves && YieldPoints.applyTo(name)) {
            bytes = YieldPoints.weave(bytes);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] read(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
