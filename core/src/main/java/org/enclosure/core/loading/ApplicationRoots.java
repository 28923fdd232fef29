package org.enclosure.core.loading;

import java.io.IOException;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The jars and folders of the application that declare a provider.
///
/// `ServiceLoader` alone does not show a provider that is declared in the wrong one of the two places: the declarations are
/// read beside it.
final class ApplicationRoots {
    private final SearchScope scope;
    private final Findings findings;
    private final Map<Path, Declaration> declarations = new LinkedHashMap<>();
    private final Set<Path> loaded = new LinkedHashSet<>();

    private ApplicationRoots(SearchScope scope, Findings findings) {
        this.scope = scope;
        this.findings = findings;
    }

    /// Reads all declarations.
    ///
    /// @param findings where problems of the places themselves are added
    static ApplicationRoots read(SearchScope scope, Findings findings) {
        ApplicationRoots roots = new ApplicationRoots(scope, findings);
        roots.addResources(DeclarationReader.SERVICES);
        roots.addResources(DeclarationReader.MODULE_INFO);
        roots.addLayers();
        roots.loaded.addAll(roots.declarations.keySet());
        roots.addModulePath();
        return roots;
    }

    /// What each jar or folder declares.
    List<Declaration> declarations() {
        return List.copyOf(declarations.values());
    }

    /// Whether classes of that location can be loaded; a jar may also lie on the module path unused.
    boolean isLoaded(Declaration declaration) {
        return loaded.contains(Path.of(declaration.location()));
    }

    private void addResources(String name) {
        try {
            for (URL url : Collections.list(scope.application().getResources(name))) {
                CodeLocation.root(url, name).ifPresent(this::add);
            }
        } catch (IOException e) {
            findings.error("class path", "class path: searching " + name + " failed (" + OneLine.of(e) + ")");
        }
    }

    private void addLayers() {
        Deque<ModuleLayer> open = new ArrayDeque<>(scope.layers());
        Set<ModuleLayer> seen = new LinkedHashSet<>();
        while (!open.isEmpty()) {
            ModuleLayer layer = open.pop();
            if (seen.add(layer)) {
                layer.configuration().modules().stream().map(ResolvedModule::reference).map(ModuleReference::location)
                        .forEach(uri -> uri.flatMap(CodeLocation::path).ifPresent(this::add));
                open.addAll(layer.parents());
            }
        }
    }

    private void addModulePath() {
        for (Path entry : scope.modulePath()) {
            try {
                PathEntry.of(entry).roots().forEach(this::add);
            } catch (IOException _) {
                // An entry of the module path that is missing or empty is legal, and hides nothing.
            }
        }
    }

    private void add(Path root) {
        if (declarations.containsKey(root)) {
            return;
        }
        Declaration declaration = DeclarationReader.read(root);
        if (!declaration.isEmpty()) {
            declarations.put(root, declaration);
        }
    }
}
