package org.enclosure.tck.parity;

import java.util.ArrayDeque;
import java.util.Deque;

import org.enclosure.tck.plugin.MachineCall;
import org.jspecify.annotations.Nullable;

/// What the woven methods of a machine call: passes those on that the rest of the plugin has called, not those of the machine's own
/// methods. Records one thread at a time.
public final class Recorder {
    /// Gets the calls.
    interface Sink {
        /// A call is about to be made.
        void before(MachineCall call);

        /// It was made.
        void after(MachineCall call);
    }

    private static @Nullable Recorder active;

    private final Thread owner = Thread.currentThread();
    private final Sink sink;
    private final Deque<MachineCall> open = new ArrayDeque<>();
    private boolean silent;

    private Recorder(Sink sink) {
        this.sink = sink;
    }

    /// Passes the calls of this thread on while `body` runs. A call of another thread is an [AssertionError] there.
    static void run(Sink sink, Runnable body) {
        synchronized (Recorder.class) {
            if (active != null) {
                throw new IllegalStateException("another recorder is running");
            }
            active = new Recorder(sink);
        }
        try {
            body.run();
        } finally {
            synchronized (Recorder.class) {
                active = null;
            }
        }
    }

    /// What the kit itself does in between is not passed on.
    static void silently(Runnable body) {
        Recorder recorder = active();
        if (recorder == null || recorder.silent) {
            body.run();
            return;
        }
        recorder.silent = true;
        try {
            body.run();
        } finally {
            recorder.silent = false;
        }
    }

    /// Woven in at the start of a method.
    public static void begin(String method, Object[] arguments) {
        Recorder recorder = active();
        if (recorder == null || recorder.silent) {
            return;
        }
        MachineCall call = new MachineCall(method, arguments);
        if (recorder.open.isEmpty()) {
            silently(() -> recorder.sink.before(call));
        }
        recorder.open.push(call);
    }

    /// Woven in at the end of a method.
    public static void end(@Nullable Object answer) {
        Recorder recorder = active();
        if (recorder == null || recorder.silent) {
            return;
        }
        MachineCall call = recorder.open.pop();
        if (recorder.open.isEmpty()) {
            call.answered(answer);
            silently(() -> recorder.sink.after(call));
        }
    }

    private static synchronized @Nullable Recorder active() {
        if (active != null && !active.owner.equals(Thread.currentThread())) {
            throw new AssertionError(
                    "a thread other than the recorded one calls the machine: there is no order to replay");
        }
        return active;
    }
}
