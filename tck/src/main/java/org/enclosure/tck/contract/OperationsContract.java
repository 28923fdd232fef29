package org.enclosure.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Operation;
import org.enclosure.spi.Operation.Effect;
import org.enclosure.spi.Operation.Field;
import org.enclosure.spi.OperationCall;
import org.enclosure.tck.machine.BareMachine;
import org.enclosure.tck.plugin.Plugin;
import org.junit.jupiter.api.Test;

/// OPS-1 to OPS-3: the table of a machine's operations, on a machine without an engine.
public abstract class OperationsContract {
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9]*(?:[._][A-Z0-9]+)*");
    private static final Pattern FIELD = Pattern.compile("[a-z][a-z0-9_]*");
    private static final int RANDOM_CALLS = 20_000;
    private static final int LONGEST_BYTES = 64;

    private final Plugin plugin;

    /// Creates the contract of a plugin.
    protected OperationsContract(Plugin plugin) {
        this.plugin = plugin;
    }

    @Test
    void ops1ShouldBeDescribed() {
        try (BareMachine machine = new BareMachine(plugin)) {
            List<Operation> list = machine.platform().operations().list();
            assertEquals(list, machine.platform().operations().list(), "the list is always the same");
            Set<String> names = new HashSet<>();
            for (Operation operation : list) {
                assertTrue(NAME.matcher(operation.name()).matches(), operation.name());
                assertTrue(names.add(operation.name()), "two operations are called " + operation.name());
                assertFalse(operation.source().isBlank(), operation.name() + " has no source");
                checkFields(operation, operation.in());
                checkFields(operation, operation.out());
            }
        }
    }

    private static void checkFields(Operation operation, List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            String what = operation.name() + " " + field.name();
            assertTrue(FIELD.matcher(field.name()).matches(), what);
            assertTrue(names.add(field.name()), "twice: " + what);
            assertFalse(field.meaning().isBlank(), what + " has no meaning");
        }
    }

    @Test
    void ops1ShouldRefuseAnOperationThatIsNotItsOwn() {
        try (BareMachine machine = new BareMachine(plugin)) {
            Operation foreign = new Operation("NO.SUCH.OPERATION", -1, Effect.READS, List.of(), List.of(), List.of(),
                    "nowhere");
            OperationCall call = new OperationCall(foreign);
            assertThrows(IllegalArgumentException.class, () -> machine.platform().operations().invoke(foreign, call));
        }
    }

    @Test
    void ops2ShouldAnswerAnyOperandsWithAStatusOrAnIllegalArgument() {
        long seed = Seeds.next("ops2");
        SplittableRandom random = new SplittableRandom(seed);
        try (BareMachine machine = new BareMachine(plugin)) {
            ArchOperations operations = machine.platform().operations();
            List<Operation> list = operations.list();
            for (int i = 0; i < RANDOM_CALLS; i++) {
                Operation operation = list.get(random.nextInt(list.size()));
                OperationCall call = randomCall(operation, random);
                invoke(operations, operation, call, seed);
            }
        }
    }

    @Test
    void ops3ShouldReadWithoutChangingMemory() {
        long seed = Seeds.next("ops3");
        SplittableRandom random = new SplittableRandom(seed);
        try (BareMachine machine = new BareMachine(plugin)) {
            ArchOperations operations = machine.platform().operations();
            List<Operation> list = operations.list().stream().filter(one -> one.effect() == Effect.READS).toList();
            long before = machine.digest();
            for (int i = 0; !list.isEmpty() && i < RANDOM_CALLS / 4; i++) {
                Operation operation = list.get(random.nextInt(list.size()));
                OperationCall call = randomCall(operation, random);
                invoke(operations, operation, call, seed);
            }
            assertEquals(before, machine.digest(), "the memory of a machine that was only read");
        }
    }

    private static void invoke(ArchOperations operations, Operation operation, OperationCall call, long seed) {
        try {
            operations.invoke(operation, call);
        } catch (IllegalArgumentException refused) {
            // An operand names nothing that exists.
        } catch (RuntimeException e) {
            throw new AssertionError(describe(operation, call) + " threw; seed " + seed, e);
        }
    }

    private static String describe(Operation operation, OperationCall call) {
        StringBuilder text = new StringBuilder(operation.name());
        for (int i = 0; i < operation.in().size(); i++) {
            text.append(' ').append(operation.in().get(i).name()).append("=0x").append(Long.toHexString(call.in(i)));
        }
        return text.toString();
    }

    private static OperationCall randomCall(Operation operation, SplittableRandom random) {
        OperationCall call = new OperationCall(operation);
        for (int i = 0; i < operation.in().size(); i++) {
            int bits = operation.in().get(i).bits();
            if (bits == 0) {
                byte[] bytes = new byte[random.nextInt(LONGEST_BYTES)];
                random.nextBytes(bytes);
                call.inBytes(i, bytes);
            } else {
                call.in(i, randomWord(random) & -1L >>> 64 - bits);
            }
        }
        return call;
    }

    private static long randomWord(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(8);
            case 2 -> random.nextLong(BareMachine.BYTES / 4096) * 4096;
            case 3 -> 1L << random.nextInt(64);
            default -> -random.nextInt(5000);
        };
    }
}
