package org.enclosure.core.loading;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Spliterator;

import org.enclosure.spi.ArchitectureProvider;
import org.jspecify.annotations.Nullable;

/// What one `ServiceLoader` shows: the providers by class name, and what went wrong with the others.
///
/// A loader goes on after a provider that fails, so that one broken provider does not hide the others.
final class ServiceScan {
    /// A loader that does nothing but fail would never end.
    private static final int MAX_FAILURES = 1000;

    private final Map<String, ServiceLoader.Provider<ArchitectureProvider>> providers = new LinkedHashMap<>();
    private final List<Throwable> failures = new ArrayList<>();

    /// Adds what a loader shows.
    void scan(ServiceLoader<ArchitectureProvider> loader) {
        Spliterator<ServiceLoader.Provider<ArchitectureProvider>> shown = loader.stream().spliterator();
        boolean more = true;
        while (more && failures.size() < MAX_FAILURES) {
            more = advance(shown);
        }
    }

    private boolean advance(Spliterator<ServiceLoader.Provider<ArchitectureProvider>> shown) {
        try {
            return shown.tryAdvance(provider -> providers.putIfAbsent(provider.type().getName(), provider));
        } catch (Exception | Error e) {
            failures.add(e);
            return true;
        }
    }

    /// The providers, by class name.
    Map<String, ServiceLoader.Provider<ArchitectureProvider>> providers() {
        return providers;
    }

    /// What went wrong, in order.
    List<Throwable> failures() {
        return failures;
    }

    /// Why a class that is declared was not shown, in words.
    String whyMissing(String className, ClassLoader loader) {
        Throwable reason = mentioning(className);
        if (reason == null) {
            reason = loading(className, loader);
        }
        return reason == null ? "ServiceLoader does not show it" : OneLine.of(reason);
    }

    private @Nullable Throwable mentioning(String className) {
        for (Throwable failure : failures) {
            String message = failure.getMessage();
            if (message != null && (message.contains(className) || message.contains(className.replace('.', '/')))) {
                return failure;
            }
        }
        return null;
    }

    private static @Nullable Throwable loading(String className, ClassLoader loader) {
        try {
            Class.forName(className, false, loader);
            return null;
        } catch (ClassNotFoundException | LinkageError e) {
            return e;
        }
    }
}
