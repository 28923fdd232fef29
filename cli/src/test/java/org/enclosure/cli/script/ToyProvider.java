package org.enclosure.cli.script;

import java.util.List;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.Operation;
import org.enclosure.spi.Operation.Effect;
import org.enclosure.spi.Operation.Field;
import org.enclosure.spi.Operation.StatusName;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmType;

/// A machine with one operation of every shape: numbers of all widths, bytes, named statuses, and one that throws.
public final class ToyProvider implements ArchitectureProvider {
    private static final Operation ADD = new Operation("CALC.ADD", 7, Effect.READS,
            List.of(new Field("a", 64, "a number"), new Field("b", 12, "a small number")),
            List.of(new Field("sum", 64, "a + b")),
            List.of(new StatusName("OK", 0), new StatusName("WRAPPED", -22)), "toy section 1");
    private static final Operation REVERSE = new Operation("BYTES.REVERSE", -1, Effect.READS,
            List.of(new Field("data", 0, "bytes")),
            List.of(new Field("data", 0, "the same bytes backwards"), new Field("length", 8, "how many")),
            List.of(), "toy section 2");
    private static final Operation LIMIT = new Operation("TEST.LIMIT", -1, Effect.TEST,
            List.of(new Field("pa", 64, "an address")),
            List.of(), List.of(), "toy section 3");

    @Override
    public String id() {
        return "toy";
    }

    @Override
    public SpiVersion spiVersion() {
        return SpiVersion.of(1, 0);
    }

    @Override
    public List<VmType> vmTypes() {
        return List.of();
    }

    @Override
    public Platform open(PlatformContext context) {
        if (!context.options().isEmpty()) {
            throw new IllegalArgumentException("unknown option " + context.options());
        }
        return new Toy(context);
    }

    private record Toy(PlatformContext context) implements Platform, ArchOperations {
        @Override
        public List<Operation> list() {
            return List.of(ADD, REVERSE, LIMIT);
        }

        @Override
        public long invoke(Operation operation, OperationCall call) {
            if (operation.equals(ADD)) {
                long sum = call.in(0) + call.in(1);
                call.out(0, sum);
                return Long.compareUnsigned(sum, call.in(0)) < 0 ? -22 : 0;
            }
            if (operation.equals(REVERSE)) {
                byte[] data = call.inBytes(0);
                byte[] reversed = new byte[data.length];
                for (int i = 0; i < data.length; i++) {
                    reversed[i] = data[data.length - 1 - i];
                }
                call.outBytes(0, reversed);
                call.out(1, data.length);
                return 0;
            }
            if (!context.memory().contains(call.in(0), 8)) {
                throw new IllegalArgumentException("no memory at 0x" + Long.toHexString(call.in(0)));
            }
            context.memory().putLong(call.in(0), 1);
            return 0;
        }

        @Override
        public ArchOperations operations() {
            return this;
        }

        @Override
        public VmBackend create(VmContext vm) {
            throw new AssertionError("a script creates no VM by itself");
        }

        @Override
        public long hostAccess(long pfn, int access, FaultDetail detail) {
            throw new AssertionError("a script reaches memory by operations alone");
        }

        @Override
        public LaunchPlanner launchPlanner() {
            throw new AssertionError("a script launches by operations alone");
        }

        @Override
        public void close() {
        }
    }
}
