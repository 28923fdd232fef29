import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Reads the output of {@code ./enclosure run --json}: one JSON object, outcome "ok", at least one architecture. */
final class CheckRun {
    public static void main(String[] arguments) {
        JsonNode run = new ObjectMapper().readTree(Path.of(arguments[0]));
        System.out.println("outcome " + run.path("outcome").asString("missing"));
        for (JsonNode architecture : run.path("architectures")) {
            System.out.println(architecture.path("id").asString() + " " + architecture.path("outcome").asString());
        }
        if (!run.path("outcome").asString("").equals("ok") || run.path("architectures").isEmpty()) {
            System.exit(1);
        }
    }
}
