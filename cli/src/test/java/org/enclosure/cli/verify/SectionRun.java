package org.enclosure.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.enclosure.core.GuestMemorySystem;

/// Verifies sections of a file of the tests; loaded anew with a plugin that has a mistake. Its operands are of types that all class
/// loaders share.
public final class SectionRun {
    private SectionRun() {
    }

    /// Requires that all cases pass.
    ///
    /// @param sections names, separated by blanks
    public static void check(String architecture, String resource, String sections) {
        VerifyReport report = verify(architecture, resource, Set.of(sections.split(" ")));
        assertEquals(List.of(),
                report.sections().stream().flatMap(section -> section.failures().stream()).toList(), sections);
        assertNotEquals(0, report.passed(), sections);
    }

    /// The names of the sections that a file has for an architecture and that are not skipped as a whole, in its order.
    static List<String> sections(String architecture, String resource) {
        return verify(architecture, resource, Set.of()).sections().stream()
                .filter(section -> section.passed() + section.failures().size() > 0).map(SectionReport::section)
                .toList();
    }

    private static VerifyReport verify(String architecture, String resource, Set<String> sections) {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build();
                InputStream in = Objects.requireNonNull(SectionRun.class.getResourceAsStream(resource), resource)) {
            Path file = Files.createTempFile("vectors", ".json");
            try {
                Files.write(file, in.readAllBytes());
                return new Verifier(system.architecture(architecture).provider(), Adapters.all())
                        .run(VectorFile.read(file), sections, null);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
