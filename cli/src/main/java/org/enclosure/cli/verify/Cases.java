package org.enclosure.cli.verify;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;

/// Splits a section into its cases.
public final class Cases {
    private Cases() {
    }

    /// Runs one element of a list.
    @FunctionalInterface
    public interface Runner {
        /// Runs it; the caller checks afterwards that every member was asked for.
        void run(Fields fields, Machines machines);
    }

    /// The elements of a section that is a list, or an object with a list `cases`, each run as an object. The name of a case
    /// is its member `id`, or its place.
    public static List<VectorCase> of(String section, JsonNode node, Runner runner) {
        return of(section, node, "id", runner);
    }

    /// The same, named by another member.
    ///
    /// @param idKey the member that names a case; it counts as asked for
    public static List<VectorCase> of(String section, JsonNode node, String idKey, Runner runner) {
        List<VectorCase> cases = new ArrayList<>();
        JsonNode list = node.isObject() ? node.path("cases") : node;
        if (!list.isArray()) {
            return List.of(failing(section, section + " is not a list of cases"));
        }
        if (node.isObject()) {
            unknownKeys(node, cases);
        }
        for (JsonNode element : list) {
            cases.add(element(element, idKey, "#" + (cases.size() + 1), runner));
        }
        return cases;
    }

    /// A case that fails with a message: what cannot be read as cases is shown, not passed over.
    public static VectorCase failing(String id, String message) {
        return new VectorCase(id, machines -> {
            throw new CaseFailure(message);
        });
    }

    private static void unknownKeys(JsonNode node, List<VectorCase> cases) {
        for (String name : node.propertyNames()) {
            if (!name.equals("cases") && !Fields.DESCRIBING.contains(name)) {
                cases.add(failing(name, "unknown: " + name));
            }
        }
    }

    private static VectorCase element(JsonNode element, String idKey, String place, Runner runner) {
        JsonNode id = element.path(idKey);
        return new VectorCase(id.isString() || id.isNumber() ? id.asString() : place, machines -> {
            Fields fields = Fields.of("the case", element).ignore(idKey);
            runner.run(fields, machines);
            fields.nothingElse();
        });
    }
}
