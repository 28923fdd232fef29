package org.enclosure.tck.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.tck.plugin.MachineCall;
import org.enclosure.tck.plugin.MachineTable;
import org.jspecify.annotations.Nullable;

/// Gives a recording to the operations of a bare machine. Each has to come down to the same call of the machine, with the
/// same answer and outputs, and has to report that answer.
final class Replay implements Recorder.Sink {
    private final MachineTable table;
    private final Platform platform;
    private final PhysicalMemory memory;
    private final int frames;
    private final Operations operations;
    private final List<MachineCall> seen = new ArrayList<>();
    private int done;

    /// @param platform the bare machine, of a provider whose machine is woven too
    Replay(MachineTable table, Platform platform, PhysicalMemory memory, int frames) {
        this.table = table;
        this.platform = platform;
        this.memory = memory;
        this.frames = frames;
        operations = new Operations(platform.operations());
    }

    /// Replays all steps.
    ///
    /// @throws AssertionError at the first difference
    void replay(List<Recording.Step> steps) {
        for (Recording.Step step : steps) {
            switch (step) {
                case Recording.Invocation one -> invoke(one);
                case Recording.Checkpoint one -> compare(one.image());
            }
            done++;
        }
    }

    private void compare(TableImage recorded) {
        Recorder.silently(() -> {
            TableImage bare = new TableImage(platform, memory, table, frames, recorded.guestPages());
            fail(recorded.difference(bare), "the tables");
        });
    }

    private void invoke(Recording.Invocation recorded) {
        Recorder.silently(() -> fail(recorded.pages().copyTo(platform, memory), recorded.call().toString()));
        Operation operation = recorded.operation();
        OperationCall call = recorded.operands();
        seen.clear();
        long status;
        try {
            status = platform.operations().invoke(operations.get(operation.name()), call);
        } catch (IllegalArgumentException refused) {
            fail("is refused by the operation: " + refused.getMessage(), recorded.call().toString());
            return;
        }
        String what = operation.name() + " for " + recorded.call();
        MachineCall again = same(recorded.call(), what);
        if (again != null) {
            expect(recorded.call().answer(), again.answer(), "answer", what);
            checkStatus(recorded, status, call, what);
            checkOutputs(recorded, call, what);
        }
    }

    /// The call of the machine that the operation has made.
    private @Nullable MachineCall same(MachineCall recorded, String what) {
        for (MachineCall one : seen) {
            if (one.method().equals(recorded.method()) && one.numbers().equals(recorded.numbers())) {
                return one;
            }
        }
        fail(seen.isEmpty() ? "comes down to no call of the machine" : "comes down to " + seen, what);
        return null;
    }

    /// The answer of the method is the status of the operation, or, where it is a value, the first output.
    private void checkStatus(Recording.Invocation recorded, long status, OperationCall call, String what) {
        Long answer = recorded.call().answer();
        if (answer == null || recorded.call().answersFlag()) {
            return;
        }
        boolean isOutput = status == 0 && !recorded.operation().out().isEmpty() && call.out(0) == answer;
        if (status != recorded.status().applyAsLong(answer) && !isOutput) {
            fail("has status 0x" + Long.toHexString(status) + ", and the machine answered 0x"
                    + Long.toHexString(answer), what);
        }
    }

    private void checkOutputs(Recording.Invocation recorded, OperationCall call, String what) {
        List<Operation.Field> outputs = recorded.operation().out();
        for (int i = 0; i < outputs.size(); i++) {
            String name = outputs.get(i).name();
            Long value = recorded.outputs().get(name);
            if (value != null) {
                expect(value, call.out(i), "output " + name, what);
            }
        }
    }

    private void expect(@Nullable Long recorded, @Nullable Long bare, String field, String what) {
        if (!Objects.equals(recorded, bare)) {
            fail("has the " + field + " " + hex(recorded) + " under the engine and " + hex(bare)
                    + " on the bare machine",
                    what);
        }
    }

    private static String hex(@Nullable Long value) {
        return value == null ? "none" : "0x" + Long.toHexString(value);
    }

    private void fail(@Nullable String difference, String what) {
        if (difference != null) {
            throw new AssertionError("step " + done + ", " + what + ": " + difference);
        }
    }

    @Override
    public void before(MachineCall call) {
        // Its answer is waited for.
    }

    @Override
    public void after(MachineCall call) {
        seen.add(call);
    }
}
