package org.enclosure.core.boot;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import jakarta.inject.Singleton;
import org.apiguardian.api.API;
import org.enclosure.api.policy.ConversionPolicy;
import org.enclosure.api.policy.Participant;
import org.enclosure.core.GuestMemorySystem;

/// Brings a [GuestMemorySystem] into an injector, as a singleton.
///
/// What may be bound to shape it, each in any module of the injector:
///
/// | what | how | without it |
/// |---|---|---|
/// | the conversion policy | `OptionalBinder.newOptionalBinder(binder(), ConversionPolicy.class).setBinding()` | [ConversionPolicy#ALLOW_ALL] |
/// | participants | `Multibinder.newSetBinder(binder(), Participant.class).addBinding()` | none |
/// | plugin paths | `Multibinder.newSetBinder(binder(), Path.class, PluginPath.class).addBinding()` | none |
///
/// They mean what they mean on [GuestMemorySystem.Builder]. Nothing closes the system but its user: an injector has no end.
///
/// It holds under `requireExplicitBindings`, `disableCircularProxies` and `requireExactBindingAnnotations`.
///
/// Guice 7 defines classes through `sun.misc.Unsafe`, of which Java 24 and later warn; start the JVM with
/// `-Dguice_bytecode_gen_option=DISABLED` (Guice reads it once, when its first class is loaded), or with
/// `-Dguice_custom_class_loading=CHILD` if you use Guice's method interception.
@API(status = EXPERIMENTAL, since = "0.1")
public final class EnclosureModule extends AbstractModule {
    /// Creates the module; no state.
    public EnclosureModule() {
    }

    @Override
    protected void configure() {
        OptionalBinder.newOptionalBinder(binder(), ConversionPolicy.class).setDefault()
                .toInstance(ConversionPolicy.ALLOW_ALL);
        Multibinder.newSetBinder(binder(), Participant.class);
        Multibinder.newSetBinder(binder(), Path.class, PluginPath.class);
    }

    @Provides
    @Singleton
    static GuestMemorySystem system(ConversionPolicy policy, Set<Participant> participants,
            @PluginPath Set<Path> pluginPath) {
        GuestMemorySystem.Builder builder = GuestMemorySystem.builder().conversionPolicy(policy)
                .pluginPath(List.copyOf(pluginPath));
        participants.forEach(builder::participant);
        return builder.build();
    }
}
