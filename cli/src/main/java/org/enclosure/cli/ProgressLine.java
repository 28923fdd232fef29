package org.enclosure.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.enclosure.examples.RunProgress;
import org.jspecify.annotations.Nullable;

/// The progress of a command: a bar on a terminal, nothing elsewhere.
sealed interface ProgressLine extends RunProgress, AutoCloseable {
    /// Takes the bar away.
    @Override
    void close();

    /// The right one for a console.
    ///
    /// @param command shown before the bar
    static ProgressLine on(Console console, String command) {
        return console.terminal() ? new Bar(console, command) : new None();
    }

    /// Shows nothing.
    record None() implements ProgressLine {
        @Override
        public void onStep(String architecture, String step, int done, int total) {
        }

        @Override
        public void close() {
        }
    }

    /// Draws a bar.
    final class Bar implements ProgressLine {
        private static final int WIDTH = 78;

        private final Console console;
        private final String command;
        private @Nullable ProgressBar bar;

        private Bar(Console console, String command) {
            this.console = console;
            this.command = command;
        }

        @Override
        public void onStep(String architecture, String step, int done, int total) {
            ProgressBar shown = bar;
            if (shown == null) {
                // With a width, so that the library does not look for a terminal by itself.
                shown = new ProgressBarBuilder().setStyle(ProgressBarStyle.ASCII).setInitialMax(total)
                        .setTaskName(command)
                        .clearDisplayOnFinish().setConsumer(new ConsoleProgressBarConsumer(console.err(), WIDTH))
                        .build();
                bar = shown;
            }
            shown.stepTo(done);
            shown.setExtraMessage(" " + Escape.visible(architecture + ": " + step));
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
            }
        }
    }
}
