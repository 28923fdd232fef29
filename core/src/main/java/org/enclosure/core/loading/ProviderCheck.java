package org.enclosure.core.loading;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.enclosure.core.plugin.FoundArchitecture;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;
import org.jspecify.annotations.Nullable;

/// Asks one provider who it is, and judges the answers (rules LOAD-1 and LOAD-3).
///
/// The version comes first: of a provider that was built against another SPI nothing else can be believed.
final class ProviderCheck {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int MAX_ID = 32;
    private static final Pattern VM_TYPE_ID = Pattern.compile("[a-z0-9-]+");

    private final Candidate candidate;
    private final String reservedId;
    private final Findings findings;
    private @Nullable String id;

    /// @param reservedId the id that only the built-in platform may have
    /// @param findings where problems are added
    ProviderCheck(Candidate candidate, String reservedId, Findings findings) {
        this.candidate = candidate;
        this.reservedId = reservedId;
        this.findings = findings;
    }

    /// Whether errors were found is in the findings; what was found is returned only if there were none.
    @Nullable
    FoundArchitecture check() {
        int before = findings.errors();
        ArchitectureProvider provider = ask("its constructor", candidate.source());
        if (provider == null) {
            return null;
        }
        SpiVersion version = ask("spiVersion()", provider::spiVersion);
        if (version == null || !accepts(version)) {
            return null;
        }
        String answered = ask("id()", provider::id);
        if (answered == null || !legal(answered)) {
            return null;
        }
        id = answered;
        List<VmType> types = ask("vmTypes()", () -> copy(provider.vmTypes()));
        if (types == null) {
            return null;
        }
        checkTypes(types);
        return findings.errors() == before
                ? new FoundArchitecture(answered, version, types, candidate.location(), false, provider) : null;
    }

    /// Unlike `List.copyOf`, keeps null elements so that they can be reported.
    @SuppressWarnings("NullAway") // A plugin may answer null whatever the annotations say.
    private static @Nullable List<VmType> copy(@Nullable List<VmType> types) {
        return types == null ? null : new ArrayList<>(types);
    }

    private boolean accepts(SpiVersion version) {
        SpiVersion ours = SpiVersion.current();
        if (ours.accepts(version)) {
            return true;
        }
        error("was built against SPI version " + version + ", but this engine has SPI version " + ours + "; legal: "
                + ours.major() + ".0 to "
                + ours);
        return false;
    }

    private boolean legal(String answered) {
        if (answered.length() > MAX_ID || !ID.matcher(answered).matches()) {
            error("id '" + answered
                    + "' is not legal; legal are lower-case letters, digits and single hyphens, starting with a letter, at most "
                    + MAX_ID + " characters");
            return false;
        }
        if (answered.equals(reservedId)) {
            error("id '" + answered + "' is reserved for the built-in platform; choose another id");
            return false;
        }
        return true;
    }

    private void checkTypes(List<VmType> types) {
        if (types.isEmpty()) {
            error("vmTypes() returned no VM type; at least one is needed");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < types.size(); i++) {
            VmType type = types.get(i);
            if (type == null || type.id() == null || type.traits() == null) {
                error("VM type number " + (i + 1) + " of vmTypes() is "
                        + (type == null ? "null" : "without id or traits"));
                continue;
            }
            checkType(type, seen);
        }
    }

    private void checkType(VmType type, Set<String> seen) {
        if (!VM_TYPE_ID.matcher(type.id()).matches()) {
            error("VM type id '" + type.id() + "' is not legal; legal are lower-case letters, digits and hyphens");
        } else if (!seen.add(type.id())) {
            error("VM type id '" + type.id() + "' occurs twice; ids must be unique within a provider");
        }
        List<String> contradictions = type.traits().contradictions();
        if (!contradictions.isEmpty()) {
            error("traits of VM type '" + type.id() + "' contradict each other: " + String.join("; ", contradictions)
                    + " (rule LOAD-3)");
        }
    }

    private <T> @Nullable T ask(String what, Supplier<? extends @Nullable T> call) {
        try {
            T answer = call.get();
            if (answer == null) {
                error(what + " returned null");
            }
            return answer;
        } catch (Exception | Error e) {
            error(what + " threw "
                    + OneLine.of(e instanceof ServiceConfigurationError && e.getCause() != null ? e.getCause() : e));
            return null;
        }
    }

    private void error(String problem) {
        String message = candidate.label() + ": " + problem;
        if (id == null) {
            findings.error(candidate.location(), message);
        } else {
            findings.error(id, candidate.location(), message);
        }
    }
}
