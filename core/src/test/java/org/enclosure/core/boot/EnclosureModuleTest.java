package org.enclosure.core.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import com.google.inject.AbstractModule;
import com.google.inject.Binder;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import org.enclosure.api.policy.ConversionDecision;
import org.enclosure.api.policy.ConversionPolicy;
import org.enclosure.core.GuestMemorySystem;
import org.junit.jupiter.api.Test;

class EnclosureModuleTest {
    @Test
    void shouldBindOneSystemUnderTheStrictestRules() {
        Injector injector = injector(new AbstractModule() {
        });
        try (GuestMemorySystem system = injector.getInstance(GuestMemorySystem.class)) {
            assertSame(system, injector.getInstance(GuestMemorySystem.class));
            assertTrue(system.architecture("software").builtIn());
            assertSame(ConversionPolicy.ALLOW_ALL, injector.getInstance(ConversionPolicy.class));
        }
    }

    @Test
    void shouldTakeThePluginPathsThatAreBound() {
        Path first = Path.of("not-there-1");
        Path second = Path.of("not-there-2");
        Injector injector = injector(binder -> {
            Multibinder.newSetBinder(binder, Path.class, PluginPath.class).addBinding().toInstance(first);
            Multibinder.newSetBinder(binder, Path.class, PluginPath.class).addBinding().toInstance(second);
        });
        try (GuestMemorySystem system = injector.getInstance(GuestMemorySystem.class)) {
            assertEquals(List.of("not-there-1", "not-there-2"),
                    system.problems().stream().map(p -> p.location()).toList());
        }
    }

    @Test
    void shouldLetAModuleReplaceThePolicy() {
        ConversionPolicy deny = _ -> ConversionDecision.BUSY;
        assertSame(deny, injector(binder -> bindPolicy(binder, deny)).getInstance(ConversionPolicy.class));
    }

    static void bindPolicy(Binder binder, ConversionPolicy policy) {
        OptionalBinder.newOptionalBinder(binder, ConversionPolicy.class).setBinding().toInstance(policy);
    }

    static Injector injector(Module module) {
        return Guice.createInjector(Stage.PRODUCTION, new EnclosureModule(), module, binder -> {
            binder.requireExplicitBindings();
            binder.disableCircularProxies();
            binder.requireExactBindingAnnotations();
            binder.requireAtInjectOnConstructors();
        });
    }
}
