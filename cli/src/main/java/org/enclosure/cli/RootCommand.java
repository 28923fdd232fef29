package org.enclosure.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The command before its subcommands, and the options that all of them have.
@Command(name = "enclosure", scope = ScopeType.INHERIT, mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, sortSynopsis = false, usageHelpWidth = 100, description = "Guest-private memory for confidential virtual machines.", exitCodeListHeading = "%nExit status:%n", exitCodeList = {
        "0:good", "1:it ran and the result is bad", "2:what was given cannot be used; nothing was run"})
final class RootCommand implements Callable<Integer> {
    private static final String VARIABLE = "ENCLOSURE_PLUGINS";

    private final Console console;

    private final Set<String> pluginPaths = new LinkedHashSet<>();

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.") private boolean stacktrace;

    RootCommand(Console console) {
        this.console = console;
    }

    // A field would lose the paths before the subcommand when there are more after it: picocli starts a new list there.
    @Option(names = "--plugin-path", scope = ScopeType.INHERIT, paramLabel = "PATH", description = {
            "A plugin's jar, or a folder of jars or classes; may be repeated.",
            "Also from the variable " + VARIABLE + "."})
    void setPluginPaths(List<String> paths) {
        pluginPaths.addAll(paths);
    }

    @Override
    public Integer call() {
        throw new UnusableInput("no command was given");
    }

    /// Whether errors are shown with their stack trace.
    boolean stacktrace() {
        return stacktrace;
    }

    /// Where to look for plugins besides the class path: the options, then the variable.
    ///
    /// @throws UnusableInput if one of them is not there or cannot be read
    List<Path> pluginPaths() {
        List<Path> paths = new ArrayList<>();
        pluginPaths.forEach(path -> paths.add(readable("--plugin-path", path)));
        for (String path : console.environment().getOrDefault(VARIABLE, "").split(File.pathSeparator, -1)) {
            if (!path.isEmpty()) {
                paths.add(readable(VARIABLE, path));
            }
        }
        return paths;
    }

    private static Path readable(String origin, String text) {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            throw new UnusableInput(
                    origin + " " + Escape.quote(text) + " is not a path: " + Escape.visible(e.getReason()), e);
        }
        if (text.isEmpty() || !Files.exists(path)) {
            throw new UnusableInput(origin + " " + Escape.quote(text) + " does not exist; give a jar or a folder");
        }
        if (!Files.isDirectory(path) && !Files.isRegularFile(path)) {
            throw new UnusableInput(origin + " " + Escape.quote(text) + " is neither a jar nor a folder");
        }
        if (!Files.isReadable(path)) {
            throw new UnusableInput(origin + " " + Escape.quote(text) + " cannot be read");
        }
        return path;
    }
}
