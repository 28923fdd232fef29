package org.enclosure.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Map;

import org.enclosure.examples.BootRun;
import picocli.CommandLine;

/// The entry point of the command.
public final class Main {
    static final GuestRunner BOOT = (system, options, progress) -> new BootRun(system, options).run(progress);

    private Main() {
    }

    /// Runs a command line and ends the JVM with its exit status.
    public static void main(String[] args) {
        StandardStream out = StandardStream.out();
        StandardStream err = StandardStream.err();
        Console console = new Console(out.printer(), err.printer(), System.getenv(), Terminal.isStandardError());
        int status = execute(args, console, BOOT);
        System.exit(out.finish(status, console.err()));
    }

    /// Runs a command line inside this JVM.
    ///
    /// @param out gets results and nothing else
    /// @param err gets messages: at most three lines unless `--stacktrace` is given
    /// @return the exit status: 0 good, 1 it ran and the result is bad, 2 the input cannot be used
    public static int execute(String[] args, PrintStream out, PrintStream err) {
        return execute(args, new Console(out, err, Map.of(), false), BOOT);
    }

    static int execute(String[] args, Console console, GuestRunner runner) {
        RootCommand root = new RootCommand(console);
        Failures failures = new Failures(console, root);
        CommandLine line = new CommandLine(root);
        Architectures architectures = new Architectures(root);
        line.addSubcommand(new RunCommand(console, architectures, runner));
        line.addSubcommand(new PluginsCommand(console, architectures));
        line.addSubcommand(new OpsCommand(console, architectures));
        line.addSubcommand(new ScriptCommand(console, architectures));
        line.addSubcommand(new VerifyCommand(console, architectures));
        line.addSubcommand(new MeasureCommand(console, architectures));
        line.addSubcommand(new BenchCommand(console));
        line.setOut(new PrintWriter(console.out(), true, console.out().charset()))
                .setErr(new PrintWriter(console.err(), true, console.err().charset()));
        line.setExpandAtFiles(false).setUnmatchedOptionsArePositionalParams(false)
                .setCaseInsensitiveEnumValuesAllowed(false);
        line.setParameterExceptionHandler(failures::unusable).setExecutionExceptionHandler(failures::thrown);
        try {
            return line.execute(args);
        } catch (Error e) {
            return failures.crashed(e);
        }
    }
}
