package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

class StandardStreamTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldKeepTheStatusWhenTheReaderLeftEarly() {
        assertEquals(0, finish("Broken pipe"));
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldFailWhenTheOutputIsLost() {
        assertEquals(1, finish("No space left on device"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("No space left on device"));
    }

    private int finish(String failure) {
        StandardStream stream = new StandardStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(failure);
            }
        }, 64, false);
        stream.printer().println("result");
        return stream.finish(0, new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
