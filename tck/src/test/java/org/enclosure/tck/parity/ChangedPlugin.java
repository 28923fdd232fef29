package org.enclosure.tck.parity;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.tck.weave.ChangedClass;
import org.jspecify.annotations.Nullable;

/// Loads a plugin anew, with a mistake in one class.
final class ChangedPlugin extends URLClassLoader {
    private final String plugin;

    /// @param folder where the changed class is put
    ChangedPlugin(Class<?> provider, ChangedClass mistake, Path folder) throws MalformedURLException {
        super(new URL[] {folder.toUri().toURL()}, provider.getClassLoader());
        plugin = provider.getPackageName() + ".";
        mistake.writeTo(folder);
    }

    /// Its provider.
    ArchitectureProvider provider(String name) throws ReflectiveOperationException {
        return loadClass(name).asSubclass(ArchitectureProvider.class).getConstructor().newInstance();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        Class<?> loaded = name.startsWith(plugin) ? findLoadedClass(name) : super.loadClass(name, resolve);
        if (loaded != null) {
            return loaded;
        }
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            byte[] bytes = in == null ? new byte[0] : in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /// The changed class comes first.
    @Override
    public @Nullable URL getResource(String name) {
        URL changed = findResource(name);
        return changed == null ? super.getResource(name) : changed;
    }
}
