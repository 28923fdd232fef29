package org.enclosure.cli.script;

import java.nio.file.Path;
import java.util.Locale;

import org.enclosure.cli.Escape;
import org.enclosure.cli.UnusableInput;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Parses JSON and YAML: one document, no name twice in one object.
final class ScriptDocument {
    private ScriptDocument() {
    }

    static JsonNode parse(Path file, String text) {
        String name = "script " + Escape.quote(file.toString());
        if (text.isBlank()) {
            throw new UnusableInput(name + " is empty");
        }
        try {
            return mapper(file, text).readTree(text);
        } catch (JacksonException e) {
            TokenStreamLocation location = e.getLocation();
            String where = location == null ? ""
                    : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
            String what = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            throw new UnusableInput(name + " cannot be parsed" + where + ": " + Escape.visible(what), e);
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
