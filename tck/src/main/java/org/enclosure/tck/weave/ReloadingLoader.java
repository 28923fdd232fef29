package org.enclosure.tck.weave;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Loads its own classes anew, some of them changed; the others are its parent's.
///
/// Changes are made by the constructor: one that does not apply any more must not look like something that a run has found.
public abstract class ReloadingLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Map<String, ChangedClass> changed = new HashMap<>();

    /// @param name a name for stack traces
    /// @param changes changes by class name
    /// @throws AssertionError if a change does not apply
    protected ReloadingLoader(String name, Map<String, UnaryOperator<ChangedClass>> changes) {
        super(name, ReloadingLoader.class.getClassLoader());
        changes.forEach((type, change) -> changed.put(type, change.apply(ChangedClass.of(type))));
    }

    /// Whether a class is loaded anew. All classes that refer to one that is have to be, too.
    protected abstract boolean isOwn(String name);

    /// What is done to every class when it is loaded, changed or not.
    protected byte[] woven(String name, byte[] bytes) {
        return bytes;
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
        ChangedClass change = changed.get(name);
        byte[] bytes = woven(name, change == null ? read(name) : change.bytes());
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
