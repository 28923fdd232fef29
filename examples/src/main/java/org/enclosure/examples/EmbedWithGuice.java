package org.enclosure.examples;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import org.enclosure.api.policy.ConversionDecision;
import org.enclosure.api.policy.ConversionPolicy;
import org.enclosure.api.policy.Participant;
import org.enclosure.core.boot.EnclosureModule;

/// Embedding with Guice: an injector that brings a `GuestMemorySystem`, whose VMs share nothing below a limit, and whose
/// conversions a participant is told of.
public final class EmbedWithGuice extends AbstractModule {
    private static final ConversionDecision PROTECTED = ConversionDecision.deny("this part of memory stays private");

    private final long limit;
    private final Participant participant;

    /// Creates the module of an application.
    ///
    /// @param limit gpa below which nothing may become shared
    /// @param participant who is told of conversions
    public EmbedWithGuice(long limit, Participant participant) {
        this.limit = limit;
        this.participant = participant;
    }

    @Override
    protected void configure() {
        install(new EnclosureModule());
        OptionalBinder.newOptionalBinder(binder(), ConversionPolicy.class).setBinding()
                .toInstance(request -> request.target().isPrivate()
                        || request.gpa() >= limit ? ConversionDecision.ALLOW : PROTECTED);
        Multibinder.newSetBinder(binder(), Participant.class).addBinding().toInstance(participant);
    }

    /// Creates the injector; a `GuestMemorySystem` can be injected from it.
    public Injector injector() {
        return Guice.createInjector(this);
    }
}
