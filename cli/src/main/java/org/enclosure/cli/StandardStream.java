package org.enclosure.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/// A standard stream that remembers why writing failed, which `PrintStream` forgets. Always UTF-8, because JSON is.
final class StandardStream extends OutputStream {
    private final OutputStream file;
    private final PrintStream printer;
    private @Nullable IOException failure;

    StandardStream(OutputStream file, int buffer, boolean autoFlush) {
        this.file = file;
        printer = new PrintStream(new BufferedOutputStream(this, buffer), autoFlush, StandardCharsets.UTF_8);
    }

    static StandardStream out() {
        return new StandardStream(new FileOutputStream(FileDescriptor.out), 1 << 16, false);
    }

    static StandardStream err() {
        return new StandardStream(new FileOutputStream(FileDescriptor.err), 1 << 10, true);
    }

    PrintStream printer() {
        return printer;
    }

    /// Flushes. A reader that left early (a broken pipe) is its own business; any other failure makes the run bad.
    ///
    /// @return the exit status to end with
    int finish(int status, PrintStream err) {
        printer.flush();
        if (failure == null || String.valueOf(failure.getMessage()).contains("Broken pipe")) {
            err.flush();
            return status;
        }
        err.println("enclosure: the output cannot be written: " + Escape.visible(String.valueOf(failure.getMessage())));
        err.flush();
        return Failures.BAD;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            file.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
