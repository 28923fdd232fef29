package org.enclosure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

/// The exported signatures stand in a file under version control, so that whoever reviews a change sees what it does to users.
class ApiSignatureTest {
    private static final String WRITE = "enclosure.signatures";
    private static final Path FILE = Path.of(System.getProperty("basedir", "."), "src", "test", "resources",
            "api-signatures.txt");

    @Test
    void shouldHaveTheSignaturesOfTheFile() throws IOException {
        List<String> now = ExportedTypes.all().stream().flatMap(t -> Signatures.of(t).stream()).toList();
        if ("write".equals(System.getProperty(WRITE))) {
            Files.write(FILE, now);
        }
        List<String> changes = LineDiff.of(Files.readAllLines(FILE), now);
        if (!changes.isEmpty()) {
            fail("the exported signatures differ from " + FILE.normalize() + ":\n" + String.join("\n", changes)
                    + "\nIf this is meant, write the file again and commit it with the change:\n    mvn -q -pl api test -Dtest=ApiSignatureTest -D"
                    + WRITE + "=write");
        }
    }

    @Test
    void shouldShowEveryKindOfSignature() {
        String all = String.join("\n", ExportedTypes.all().stream().flatMap(t -> Signatures.of(t).stream()).toList());
        assertTrue(all.contains(
                "EXPERIMENTAL since 0.1 public interface org.enclosure.spi.VmBackend extends AutoCloseable\n"), all);
        assertTrue(all.contains("STABLE since 0.1 public enum org.enclosure.api.Errno\n    EPERM\n"), all);
        assertTrue(all.contains(
                "public record org.enclosure.spi.VmTraits(Set<VmTrait> has, @Nullable AddressTag tag, @Nullable S2Format format, int maxLevel"),
                all);
        assertTrue(all.contains("    public static final int MAX_FRAMES = 64\n"), all);
        assertTrue(all.contains("    List<VmType> vmTypes()\n"), all);
    }

    @Test
    void shouldShowWhatChangedUnderItsType() {
        List<String> before = List.of("A", "    a", "    b", "B", "    c");
        assertEquals(List.of(), LineDiff.of(before, before));
        assertEquals(List.of("  A", "-     b", "+     x", "  B", "+     d"),
                LineDiff.of(before, List.of("A", "    a", "    x", "B", "    c", "    d")));
        assertEquals(List.of("- B", "-     c"), LineDiff.of(before, before.subList(0, 3)));
    }
}
