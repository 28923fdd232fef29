package org.enclosure.systemtest.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.enclosure.systemtest.Project;
import org.junit.jupiter.api.Test;

/// What is checked in the sources: sizes, and the comments that memory orders owe.
class SourceRulesTest {
    private static final int LONGEST_FILE = 500;
    private static final int ORDERING_REACH = 8;
    private static final Pattern MODES = Pattern
            .compile("\\.(?:getAcquire|getOpaque|getVolatile|setRelease|setOpaque|setVolatile)\\(");

    private static List<Path> sources(String... modules) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : modules) {
            try (Stream<Path> tree = Files.walk(Project.ROOT.resolve(module).resolve("src/main/java"))) {
                tree.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        return files;
    }

    @Test
    void shouldKeepFilesShort() throws IOException {
        List<Path> files = sources("api", "core", "testarch", "arch-arm64-pkvm", "arch-cca", "arch-x86-snp",
                "arch-x86-tdx", "tck",
                "examples", "cli",
                "bench");
        assertTrue(files.size() > 250, "only " + files.size() + " files");
        List<String> tooLong = new ArrayList<>();
        for (Path file : files) {
            long lines;
            try (Stream<String> text = Files.lines(file)) {
                lines = text.count();
            }
            if (lines > LONGEST_FILE) {
                tooLong.add(file + ": " + lines);
            }
        }
        assertEquals(List.of(), tooLong);
    }

    @Test
    void shouldNameThePartnerOfEveryOrderedAccess() throws IOException {
        List<String> silent = new ArrayList<>();
        int seen = 0;
        for (Path file : sources("core", "testarch", "arch-arm64-pkvm", "arch-cca", "arch-x86-snp",
                "arch-x86-tdx")) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (MODES.matcher(lines.get(i)).find()) {
                    seen++;
                    if (!lines.subList(Math.max(0, i - ORDERING_REACH), i + 1).toString().contains("ORDERING:")) {
                        silent.add(file.getFileName() + ":" + (i + 1) + " " + lines.get(i).strip());
                    }
                }
            }
        }
        assertTrue(seen > 40, "only " + seen + " ordered accesses were seen");
        assertEquals(List.of(), silent);
    }
}
