package org.enclosure.tck.mutant;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// The test that has to catch a mutant.
@FunctionalInterface
public interface Killer {
    /// Runs the test.
    ///
    /// @param classes has the killer's class and the plugin's, one of them perhaps changed
    /// @throws Throwable what the test throws; an [AssertionError] says that it found something
    void run(ClassLoader classes) throws Throwable;

    /// A static method without parameters, of any visibility.
    static Killer ofMethod(Class<?> type, String method) {
        return classes -> {
            Method killer = classes.loadClass(type.getName()).getDeclaredMethod(method);
            killer.setAccessible(true);
            try {
                killer.invoke(null);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
    }

    /// All tests of a JUnit class. If one fails by an assertion, that counts, whatever the others do.
    static Killer ofTest(Class<?> type) {
        return classes -> {
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectClass(classes.loadClass(type.getName()))).build();
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create().execute(request, listener);
            TestExecutionSummary summary = listener.getSummary();
            List<Throwable> failures = summary.getFailures().stream()
                    .map(TestExecutionSummary.Failure::getException).toList();
            for (Throwable failure : failures) {
                if (failure instanceof AssertionError) {
                    throw failure;
                }
            }
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
            if (summary.getTestsSucceededCount() == 0) {
                throw new IllegalStateException(type.getName() + " ran no test");
            }
        };
    }
}
