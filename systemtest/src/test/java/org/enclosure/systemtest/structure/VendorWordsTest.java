package org.enclosure.systemtest.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.enclosure.api.Access;
import org.enclosure.core.GuestMemorySystem;
import org.junit.jupiter.api.Test;

/// No architecture's word stands in the API, the SPI or the engine, not even in a message.
class VendorWordsTest {
    /// Whole words, in camel case or alone. RSI in capitals is a register of x86, so only its camel-case form counts.
    private static final Pattern WORDS = Pattern
            .compile("(?<![A-Za-z])(?:[a-z]+)?(?<word>Sev|Snp|Rmp|Ghcb|Psc|Vmpl|Vmsa|Tdx|Sept"
                    + "|Pamt|Hkid|Seamcall|Mktme|Pkvm|Hvc|Realm|Rmi|Rsi|Rmm|Rtt|Ripas|Gpt|Cca)(?![a-z])"
                    + "|(?<![A-Za-z])(SEV|SNP|RMP|GHCB|VMPL|VMSA|TDX|SEPT|PAMT|HKID|SEAMCALL|PKVM|pKVM|HVC|RMI|RMM|RTT|RIPAS|GPT|CCA)"
                    + "(?![A-Za-z])");

    @Test
    void shouldFindTheWordsThatItLooksFor() {
        for (String text : List.of("SnpTable", "newRmpEntry", "the RMP says no", "Realm", "isPamtFree")) {
            assertTrue(WORDS.matcher(text).find(), text);
        }
        for (String text : List.of("Separate", "Several", "Section", "receive", "Sept1ember".replace("1", ""),
                "realmost")) {
            assertEquals(false, WORDS.matcher(text).find(), text);
        }
    }

    @Test
    void shouldStandNowhereInTheNeutralLayers() throws IOException {
        List<String> found = new ArrayList<>();
        int seen = scan(Access.class, found) + scan(GuestMemorySystem.class, found);
        assertTrue(seen > 150, "only " + seen + " classes were read");
        assertEquals(List.of(), found);
    }

    private static int scan(Class<?> member, List<String> found) throws IOException {
        Path place = Path.of(URI.create(member.getProtectionDomain().getCodeSource().getLocation().toString()));
        if (Files.isDirectory(place)) {
            return scan(place, found);
        }
        try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
            return scan(jar.getPath("/"), found);
        }
    }

    private static int scan(Path root, List<String> found) throws IOException {
        int count = 0;
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                read(file, found);
                count++;
            }
        }
        return count;
    }

    private static void read(Path file, List<String> found) {
        try {
            for (PoolEntry entry : ClassFile.of().parse(Files.readAllBytes(file)).constantPool()) {
                if (entry instanceof Utf8Entry text && WORDS.matcher(text.stringValue()).find()) {
                    found.add(file + ": " + text.stringValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
