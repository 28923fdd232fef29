package org.enclosure.cli;

import java.nio.file.Path;
import java.util.Locale;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A JSON or YAML file that the user named: one document, no name twice in one object.
public final class DocumentFile {
    private DocumentFile() {
    }

    /// The document of a file: JSON if its name ends in `.json` or its text starts with a brace, else YAML.
    ///
    /// @param what the name of the value in messages
    /// @throws UnusableInput if it cannot be read, is empty, or cannot be parsed (with line and column)
    public static JsonNode read(String what, Path file) {
        return parse(what + " " + Escape.quote(file.toString()), file, InputFile.text(what, file));
    }

    private static JsonNode parse(String name, Path file, String text) {
        if (text.isBlank()) {
            throw new UnusableInput(name + " is empty");
        }
        try {
            return mapper(file, text).readTree(text);
        } catch (JacksonException e) {
            throw new UnusableInput(name + " cannot be parsed" + ParserMessage.of(e), e);
        }
    }

    private static ObjectMapper mapper(Path file, String text) {
        boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".json")
                || text.stripLeading().startsWith("{");
        return json
                ? JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build()
                : YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    }
}
