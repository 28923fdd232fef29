package org.enclosure.core.loading;

import java.io.Closeable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

import org.enclosure.core.plugin.FoundArchitecture;
import org.enclosure.spi.ArchitectureProvider;

/// Finds the providers, checks them, and reports everything that is wrong together, so that one broken plugin hides no other.
public final class ArchitectureLoader {
    private final ArchitectureProvider builtIn;
    private final SearchScope scope;
    private final Findings findings = new Findings();
    private final Map<String, Candidate> candidates = new LinkedHashMap<>();
    private final List<Closeable> loaders = new ArrayList<>();

    /// @param builtIn the platform that the engine brings itself; its id is reserved
    ArchitectureLoader(ArchitectureProvider builtIn, SearchScope scope) {
        this.builtIn = builtIn;
        this.scope = scope;
    }

    /// Looks for providers beside this very program and in the places that the user named.
    ///
    /// @param builtIn the platform that the engine brings itself; its id is reserved
    /// @param pluginPath jars, folders of jars, folders of classes
    public static ArchitectureRegistry load(ArchitectureProvider builtIn, List<Path> pluginPath) {
        return new ArchitectureLoader(builtIn, SearchScope.here(pluginPath)).load();
    }

    /// Loads everything once.
    ArchitectureRegistry load() {
        searchApplication();
        for (Path given : scope.pluginPath()) {
            searchPluginPath(given);
        }
        return new ArchitectureRegistry(new ClaimedIds(findings).unique(checked()), findings.all(), loaders);
    }

    private List<FoundArchitecture> checked() {
        List<FoundArchitecture> found = new ArrayList<>();
        found.add(new FoundArchitecture(builtIn.id(), builtIn.spiVersion(), builtIn.vmTypes(),
                CodeLocation.of(builtIn.getClass()), true, builtIn));
        for (Candidate candidate : candidates.values()) {
            FoundArchitecture architecture = new ProviderCheck(candidate, builtIn.id(), findings).check();
            if (architecture != null) {
                found.add(architecture);
            }
        }
        return found;
    }

    private void searchApplication() {
        ServiceScan scan = new ServiceScan();
        scan.scan(ServiceLoader.load(ArchitectureProvider.class, scope.application()));
        for (ModuleLayer layer : scope.layers()) {
            scan.scan(ServiceLoader.load(layer, ArchitectureProvider.class));
        }
        int before = findings.errors();
        ApplicationRoots roots = ApplicationRoots.read(scope, findings);
        for (Declaration declaration : roots.declarations()) {
            DeclarationCheck.check(declaration, findings);
            if (roots.isLoaded(declaration)) {
                addDeclared(declaration, scan, scope.application());
            } else {
                reportUnused(declaration, scan);
            }
        }
        if (findings.errors() == before) {
            scan.failures().forEach(f -> findings.error("class path",
                    "class path: a provider cannot be loaded: " + OneLine.of(f)));
        }
        addUndeclared(roots, scan);
    }

    /// Not every loader says in which file its classes lie, so a provider may come without a declaration that could be read.
    private void addUndeclared(ApplicationRoots roots, ServiceScan scan) {
        scan.providers().forEach((name, provider) -> {
            if (roots.declarations().stream().noneMatch(d -> d.all().contains(name))) {
                add(new Candidate(name, CodeLocation.of(provider.type()), provider));
            }
        });
    }

    private void searchPluginPath(Path given) {
        try {
            PathEntry entry = PathEntry.of(given);
            List<Declaration> declarations = entry.roots().stream().map(DeclarationReader::read)
                    .filter(d -> !d.isEmpty()).toList();
            if (declarations.isEmpty()) {
                findings.error(given.toString(), "plugin path '" + given + "' declares no provider: expected a line in "
                        + DeclarationReader.SERVICES + " and 'provides' in module-info");
                return;
            }
            URLClassLoader loader = new URLClassLoader("plugin " + given, urls(entry), scope.application());
            loaders.add(loader);
            ServiceScan scan = new ServiceScan();
            scan.scan(ServiceLoader.load(ArchitectureProvider.class, loader));
            for (Declaration declaration : declarations) {
                DeclarationCheck.check(declaration, findings);
                addDeclared(declaration, scan, loader);
            }
        } catch (IOException e) {
            findings.error(given.toString(), "plugin path '" + given + "' cannot be used: " + e.getMessage()
                    + "; legal are jars, folders of jars and folders of classes");
        }
    }

    private static URL[] urls(PathEntry entry) throws MalformedURLException {
        URL[] urls = new URL[entry.roots().size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = entry.roots().get(i).toUri().toURL();
        }
        return urls;
    }

    /// @param loader the loader that should show the classes
    private void addDeclared(Declaration declaration, ServiceScan scan, ClassLoader loader) {
        for (String name : declaration.all()) {
            if (declaration.contradicts(name)) {
                continue;
            }
            ServiceLoader.Provider<ArchitectureProvider> provider = scan.providers().get(name);
            if (provider != null) {
                add(new Candidate(name, declaration.location(), provider));
            } else if (declaration.unreadable().isEmpty()) {
                findings.error(declaration.location(), "provider " + name + " in " + declaration.location()
                        + ": cannot be loaded: " + scan.whyMissing(name, loader));
            }
        }
    }

    /// A program that is not a module itself does not take modules from the module path by their services.
    private void reportUnused(Declaration declaration, ServiceScan scan) {
        for (String name : declaration.all()) {
            if (!declaration.contradicts(name) && !scan.providers().containsKey(name)) {
                findings.error(declaration.location(), "provider " + name + " in " + declaration.location()
                        + " lies on the module path, but this program does not use its module: start with --add-modules "
                        + declaration.module() + ", or put it on the class path");
            }
        }
    }

    /// The same class from the same file is one provider, by whichever way it was found.
    private void add(Candidate candidate) {
        candidates.putIfAbsent(candidate.className() + " " + candidate.location(), candidate);
    }
}
