package org.enclosure.cli;

import java.util.List;
import java.util.Locale;

import org.enclosure.core.plugin.Finding;
import org.enclosure.core.plugin.FoundArchitecture;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.VmType;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What was found, as JSON; always with everything that is known.
final class PluginsJson {
    private PluginsJson() {
    }

    static ObjectNode of(List<FoundArchitecture> found, List<Finding> problems) {
        ObjectNode root = Json.object();
        ArrayNode architectures = root.putArray("architectures");
        for (FoundArchitecture architecture : found) {
            ObjectNode node = architectures.addObject();
            node.put("id", architecture.id()).put("spiVersion", architecture.spiVersion().toString());
            node.put("location", architecture.location()).put("builtIn", architecture.builtIn());
            ArrayNode types = node.putArray("vmTypes");
            architecture.vmTypes().forEach(type -> add(types.addObject(), architecture, type));
        }
        ArrayNode list = root.putArray("problems");
        for (Finding problem : problems) {
            list.addObject().put("severity", problem.severity().name().toLowerCase(Locale.ROOT))
                    .put("architecture", problem.architecture()).put("location", problem.location())
                    .put("message", problem.message());
        }
        return root;
    }

    private static void add(ObjectNode node, FoundArchitecture architecture, VmType type) {
        node.put("id", type.id()).put("description", type.description());
        node.set("traits", Json.strings(type.traits().has().stream().map(Enum::name).toList()));
        AddressTag tag = type.traits().tag();
        if (tag == null) {
            node.putNull("addressTag");
        } else {
            node.putObject("addressTag").put("mask", "0x" + Long.toHexString(tag.mask())).put("setMeansPrivate",
                    tag.setMeansPrivate());
        }
        node.put("maxLevel", type.traits().maxLevel());
        node.put("framesPerMap", type.traits().framesPerMap()).put("framesPerSplit", type.traits().framesPerSplit());
        node.set("pageStates", Json.strings(type.pageStates()));
        ObjectNode policies = node.putObject("policies");
        architecture.policies(type).forEach((key, values) -> policies.set(key.key(), Json.strings(values)));
    }
}
