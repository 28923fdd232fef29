package org.enclosure.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.enclosure.core.plugin.Finding;
import org.enclosure.core.plugin.FoundArchitecture;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;
import org.jspecify.annotations.Nullable;

/// What was found, for people.
final class PluginsText {
    private PluginsText() {
    }

    static String of(List<FoundArchitecture> found, List<Finding> problems, boolean verbose) {
        StringBuilder text = new StringBuilder();
        TextTable table = new TextTable("").row("ARCHITECTURE", "SPI", "VM TYPES", "FROM");
        for (FoundArchitecture architecture : found) {
            table.row(architecture.id(), architecture.spiVersion().toString(),
                    architecture.vmTypes().stream().map(VmType::id).collect(Collectors.joining(", ")),
                    architecture.location() + (architecture.builtIn() ? " (built in)" : ""));
        }
        table.appendTo(text);
        if (verbose) {
            found.forEach(architecture -> architecture.vmTypes().forEach(type -> append(text, architecture, type)));
        }
        for (Finding problem : problems) {
            text.append('\n').append(problem.severity().name().toLowerCase(Locale.ROOT)).append(": ")
                    .append(Escape.visible(problem.message()));
        }
        return text.toString().stripTrailing();
    }

    private static void append(StringBuilder text, FoundArchitecture architecture, VmType type) {
        text.append('\n').append(Escape.visible(architecture.id() + " / " + type.id() + ": " + type.description()))
                .append('\n');
        VmTraits traits = type.traits();
        TextTable table = new TextTable("  ");
        table.row("traits", traits.has().isEmpty() ? "none"
                : traits.has().stream().map(Enum::name).collect(Collectors.joining(", ")));
        table.row("address tag", tag(traits.tag()));
        table.row("largest mapping", switch (traits.maxLevel()) {
            case 1 -> "4K";
            case 2 -> "2M";
            default -> "1G";
        });
        table.row("frames", traits.framesPerMap() + " per map, " + traits.framesPerSplit() + " per split");
        table.row("page states", String.join(", ", type.pageStates()));
        architecture.policies(type)
                .forEach((key, values) -> table.row("policy " + key.key(), String.join(", ", values)));
        table.appendTo(text);
    }

    private static String tag(@Nullable AddressTag tag) {
        return tag == null ? "none"
                : "bit " + Long.numberOfTrailingZeros(tag.mask()) + ", set means "
                        + (tag.setMeansPrivate() ? "private" : "shared");
    }
}
