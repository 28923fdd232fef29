package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MeasureRealmTest {
    /// The published value of an empty realm of 48 bits (veraison/cca-realm-measurements).
    private static final String EMPTY_REALM = "6739dfb22b75ee1268d08dfa8369f501bc0b066243553f069f560d1fa1172973";

    @TempDir Path folder = Path.of("");

    @Test
    void shouldMeasureARealmWithoutStepsAsItIsPublished() throws IOException {
        assertEquals(EMPTY_REALM + "\n", measure("{'realm': {'s2sz': 48}, 'steps': []}").out());
    }

    @Test
    void shouldMeasureWhatTheVectorsMeasure() throws IOException, URISyntaxException {
        JsonNode vectors = JsonMapper.shared().readTree(Files.readString(Path.of(
                Objects.requireNonNull(MeasureRealmTest.class.getResource("/vectors/cca.json")).toURI())));
        int steps = 0;
        for (JsonNode vector : vectors.path("rim")) {
            JsonNode realm = vector.path("realm");
            List<String> lines = new ArrayList<>();
            for (JsonNode op : vector.path("ops")) {
                lines.add(step(op, lines.size()));
            }
            String text = "{'realm': {'hash': '" + (realm.path("hash_algo").intValue() == 0 ? "sha-256" : "sha-512")
                    + "', " + numbers(realm) + "}, 'steps': [" + String.join(", ", lines) + "]}";
            CommandRun run = measure(text, "--transcript");
            List<String> seen = run.out().lines().toList();
            assertEquals(last(vector.path("rim_after")), seen.getLast(), vector.path("id").stringValue());
            assertEquals(lines.size() + 2, seen.size(), "one line a step, one for the realm, the digest");
            steps += lines.size();
        }
        assertTrue(steps > 100, "only " + steps + " steps");
    }

    private static String numbers(JsonNode realm) {
        List<String> members = new ArrayList<>();
        for (String name : List.of("s2sz", "flags", "sve_vl", "num_bps", "num_wps", "pmu_num_ctrs")) {
            members.add("'" + name + "': " + realm.path(name).intValue());
        }
        return String.join(", ", members);
    }

    private String step(JsonNode op, int number) throws IOException {
        return switch (op.path("op").stringValue()) {
            case "DATA" -> {
                byte[] prefix = HexFormat.of().parseHex(op.path("page_prefix_hex").stringValue());
                byte[] page = Arrays.copyOf(prefix, prefix.length == 0 ? 1 : prefix.length);
                Files.write(folder.resolve("page" + number), page);
                yield "{'image': {'file': 'page" + number + "', 'ipa': '" + op.path("ipa").stringValue()
                        + "', 'measured': " + op.path("flags").intValue() + "}}";
            }
            case "REC" -> "{'rec': {'flags': " + op.path("flags").intValue() + ", 'pc': '"
                    + op.path("pc").stringValue() + "', 'gprs': " + op.path("gprs").toString().replace('"', '\'')
                    + "}}";
            default -> "{'ripas': {'base': '" + op.path("base").stringValue() + "', 'top': '"
                    + op.path("top").stringValue() + "'}}";
        };
    }

    private static String last(JsonNode list) {
        return list.get(list.size() - 1).stringValue();
    }

    @Test
    void shouldNameTheChangeThatExplainsADigest() throws IOException {
        String two = "{'realm': {'s2sz': 40, 'num_bps': 2}, 'steps': [{'rec': {'pc': 4096}}]}";
        String digest = measure(two).out().strip();
        CommandRun found = measure(two.replace("'num_bps': 2", "'num_bps': 4"), "--explain", digest);
        assertEquals("found: num-bps is 2 instead of 4\n", found.out());
        assertEquals(0, found.status());
        CommandRun both = measure(two, "--transcript", "--explain", digest);
        assertEquals(3, both.out().lines().count(), "the realm, the REC, the explanation");
        assertTrue(both.out().endsWith("equal: these inputs yield that digest\n"), both.out());
    }

    @Test
    void shouldExplainADigestOfTheOtherAlgorithm() throws IOException {
        String wide = "{'realm': {'hash': 'sha-512'}, 'steps': []}";
        String narrow = measure(wide.replace("sha-512", "sha-256")).out().strip();
        CommandRun found = measure(wide, "--explain", narrow);
        assertEquals("found: hash is sha-256\n", found.out());
        assertEquals(0, found.status());
        measure(wide, "--explain", narrow.substring(2)).assertUnusable("is not a digest");
    }

    @Test
    void shouldShowThatTheDepthOfTablesCounts() throws IOException {
        String range = "'steps': [{'ripas': {'base': 0, 'top': '0x40000000'}}]}";
        String shallow = measure("{'realm': {'s2sz': 40, 'start_level': 1}, " + range).out();
        String deep = measure("{'realm': {'s2sz': 40, 'start_level': 0}, " + range).out();
        assertEquals(shallow, deep, "one entry of level 1 either way");
        String later = "'steps': [{'ripas': {'base': 0, 'top': 4096}}, {'ripas': {'base': 0, 'top': '0x40000000'}}]}";
        assertTrue(!measure("{'realm': {'s2sz': 40}, " + later).out().equals(shallow), "pages, then larger entries");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{} | has no 'realm'", "{\"realm\": {}} | has no 'steps'",
            "{\"realm\": {}, \"steps\": [], \"more\": 1} | has an unknown member 'more'; known are realm, steps",
            "{\"realm\": {\"colour\": 1}, \"steps\": []} | realm has an unknown member 'colour'; known are s2sz, start_level",
            "{\"realm\": {\"s2sz\": 31}, \"steps\": []} | option s2sz=31 is not legal; legal: 32 to 48",
            "{\"realm\": {\"s2sz\": 33, \"start_level\": 0}, \"steps\": []} | start-level=0 does not fit s2sz=33",
            "{\"realm\": {\"hash\": \"md5\"}, \"steps\": []} | legal: sha-256, sha-512",
            "{\"realm\": {}, \"steps\": [{\"disk\": {}}]} | step 1 is not an object with one member: ripas, image or rec",
            "{\"realm\": {}, \"steps\": [{\"rec\": {\"flags\": \"x\"}}]} | step 1.rec.flags 'x' is not a number of 64 bits",
            "{\"realm\": {}, \"steps\": [{\"rec\": {\"gprs\": [1,2,3,4,5,6,7,8,9]}}]} | option rec.0.gpr8 of a realm's launch is not known",
            "{\"realm\": {}, \"steps\": [{\"ripas\": {\"base\": 1, \"top\": 4096}}]} | not a range of whole pages",
            "{\"realm\": {\"s2sz\": 33}, \"steps\": [{\"ripas\": {\"base\": 0, \"top\": \"0x100001000\"}}]} | is not a range below",
            "{\"realm\": {}, \"steps\": [{\"image\": {\"file\": \"nowhere\", \"ipa\": 0}}]} | file 'nowhere' is not a file",
            "{\"realm\": {}, \"steps\": [{\"image\": {\"file\": \"config.json\", \"ipa\": 5}}]} | 0x5 is not a multiple"})
    void shouldRefuseByName(String text, String said) throws IOException {
        CommandRun run = measure(text);
        assertEquals(2, run.status());
        assertEquals("", run.out());
        assertTrue(run.err().contains(said), run.err());
    }

    @Test
    void shouldRefuseANumberOfVcpusBesideAFile() throws IOException {
        measure("{'realm': {}, 'steps': []}", "--vcpus", "2").assertUnusable("--config and --vcpus exclude each other");
    }

    private CommandRun measure(String text, String... more) throws IOException {
        Path config = Files.writeString(folder.resolve("config.json"), text.replace('\'', '"'));
        List<String> words = new ArrayList<>(List.of("measure", "--arch", "cca", "--config", config.toString()));
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray(String[]::new));
    }
}
