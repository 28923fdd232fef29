package org.enclosure.systemtest.structure;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.enclosure.systemtest.Project;
import org.junit.jupiter.api.Test;

/// The code in the README is code that is compiled and tested, and its links lead somewhere.
class ReadmeTest {
    private static final Path ROOT = Project.ROOT;
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

    @Test
    void shouldShowCodeThatIsCompiledAndTested() throws IOException {
        List<String> sources = sources();
        List<String> blocks = new ArrayList<>();
        Matcher matcher = JAVA.matcher(Files.readString(ROOT.resolve("README.md")));
        while (matcher.find()) {
            blocks.add(squeezed(matcher.group(1)));
        }
        assertFalse(blocks.isEmpty(), "the README shows no code");
        for (String block : blocks) {
            assertTrue(sources.stream().anyMatch(source -> source.contains(block)), "not in any example: " + block);
        }
    }

    private static List<String> sources() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String folder : new String[] {"examples/src/main/java", "examples/third-party/src/main/java"}) {
            try (Stream<Path> tree = Files.walk(ROOT.resolve(folder))) {
                for (Path file : tree.filter(path -> path.toString().endsWith(".java")).toList()) {
                    texts.add(squeezed(Files.readString(file)));
                }
            }
        }
        return texts;
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    @Test
    void shouldLinkToFilesThatAreThere() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(path -> path.toString().endsWith(".md")).forEach(pages::add);
        }
        for (Path page : pages) {
            Matcher matcher = LINK.matcher(Files.readString(page));
            while (matcher.find()) {
                Path target = page.resolveSibling(matcher.group(1));
                assertTrue(Files.exists(target), page.getFileName() + " links to " + matcher.group(1));
            }
        }
    }
}
