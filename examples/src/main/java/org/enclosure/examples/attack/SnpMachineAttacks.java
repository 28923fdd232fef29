package org.enclosure.examples.attack;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Paging;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.Operation;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;

/// What a hostile hypervisor tries with the RMP and with nested page tables, on a machine of its own without an engine.
final class SnpMachineAttacks implements Attack {
    private static final long MEMORY = 8L << 20;
    private static final long PAGE = 0x30_0000;
    private static final long OTHER_PAGE = 0x30_5000;
    private static final long LARGE_PAGE = 0x40_0000;
    private static final long GPA = 0x1234_5000;
    private static final long OTHER_GPA = 0x1234_6000;
    private static final long LARGE_GPA = 0x4000_0000;
    private static final long ASID = 5;
    private static final long OTHER_ASID = 6;
    private static final long SECRET = 0x5ec2_e75e_c2e7L;
    private static final long READ_ACCESS = 1;
    private static final long NPF = 0x101;
    private static final long VC = 0x102;
    private static final List<String> JUDGED = List.of("RMP", "ENC", "SIZEM", "VMPL");

    private final String name;
    private final ArchitectureProvider provider;
    private final Play play;

    /// What is tried on a fresh machine.
    @FunctionalInterface
    private interface Play {
        String on(Machine machine);
    }

    private SnpMachineAttacks(String name, ArchitectureProvider provider, Play play) {
        this.name = name;
        this.provider = provider;
        this.play = play;
    }

    static List<Attack> of(ArchitectureProvider provider) {
        return List.of(new SnpMachineAttacks(SnpAttacks.READ, provider, SnpMachineAttacks::read),
                new SnpMachineAttacks(SnpAttacks.WRITE, provider, SnpMachineAttacks::write),
                new SnpMachineAttacks(SnpAttacks.MOVE_GPA, provider, machine -> move(machine, OTHER_GPA, ASID)),
                new SnpMachineAttacks(SnpAttacks.MOVE_ASID, provider, machine -> move(machine, GPA, OTHER_ASID)),
                new SnpMachineAttacks(SnpAttacks.MOVE_NPT, provider, SnpMachineAttacks::moveNpt),
                new SnpMachineAttacks(SnpAttacks.GIVE_BACK, provider, SnpMachineAttacks::giveBack),
                new SnpMachineAttacks(SnpAttacks.TWICE, provider, SnpMachineAttacks::twice),
                new SnpMachineAttacks(SnpAttacks.SIZES, provider, SnpMachineAttacks::sizes));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Attacker by() {
        return Attacker.HOST;
    }

    @Override
    public Observation attempt(AttackScene scene) {
        try (Arena arena = Arena.ofConfined()) {
            PhysicalMemory memory = new PhysicalMemory(arena.allocate(MEMORY, Paging.PAGE_SIZE), 0);
            List<MemoryRange> ranges = List.of(new MemoryRange(0, MEMORY, MemoryRange.Kind.RAM));
            try (Platform platform = provider.open(new PlatformContext(memory, ranges, Map.of()))) {
                Machine machine = new Machine(platform.operations(), memory);
                return new Observation(play.on(machine), machine.calls);
            }
        }
    }

    // ---- what is tried --------------------------------------------------------------------------------------------------

    private static String read(Machine machine) {
        machine.own(PAGE, GPA);
        machine.memory.putLong(PAGE, SECRET);
        machine.call("HOST.READ64", PAGE);
        return "no fault, " + (machine.out(0) == SECRET ? "the guest's bytes" : "other bytes");
    }

    private static String write(Machine machine) {
        machine.own(PAGE, GPA);
        machine.memory.putLong(PAGE, SECRET);
        boolean isRefused = machine.call("HOST.WRITE64", PAGE, 0) != 0;
        String got = isRefused ? "PF" + machine.names(machine.out(0)) : "no fault";
        return got + (machine.memory.getLong(PAGE) == SECRET ? ", bytes as they were" : ", bytes changed");
    }

    private static String move(Machine machine, long gpa, long asid) {
        machine.own(PAGE, GPA);
        machine.assign(PAGE, gpa, asid, 0);
        String through = "through the new one " + machine.access(asid, gpa, PAGE, 0) + ", through the old one "
                + machine.access(ASID, GPA, PAGE, 0);
        machine.assign(PAGE, GPA, ASID, 0);
        return through + ", moved back " + machine.access(ASID, GPA, PAGE, 0);
    }

    private static String moveNpt(Machine machine) {
        machine.own(PAGE, GPA);
        machine.own(OTHER_PAGE, OTHER_GPA);
        return machine.access(ASID, GPA, OTHER_PAGE, 0);
    }

    private static String giveBack(Machine machine) {
        machine.own(PAGE, GPA);
        machine.call("RMPUPDATE", PAGE, 0, 0, 0, 0, 0, 0);
        machine.assign(PAGE, GPA, ASID, 0);
        String seen = machine.access(ASID, GPA, PAGE, 0);
        machine.validate(PAGE, GPA, 0);
        return seen + ", validated again " + machine.access(ASID, GPA, PAGE, 0);
    }

    private static String twice(Machine machine) {
        machine.own(PAGE, GPA);
        machine.assign(OTHER_PAGE, GPA, ASID, 0);
        String seen = machine.access(ASID, GPA, OTHER_PAGE, 0);
        machine.validate(OTHER_PAGE, GPA, 0);
        return seen + ", validated with carry " + machine.out(0) + ", the old page "
                + machine.access(ASID, GPA, PAGE, 0);
    }

    private static String sizes(Machine machine) {
        machine.assign(LARGE_PAGE, LARGE_GPA, ASID, 1);
        machine.validate(LARGE_PAGE, LARGE_GPA, 1);
        long second = Paging.PAGE_SIZE;
        String seen = machine.access(ASID, LARGE_GPA + second, LARGE_PAGE + second, 0);
        String smashed = machine.call("PSMASH", LARGE_PAGE) == 0 ? "smashed" : "not smashed";
        return seen + ", " + smashed + ", " + machine.access(ASID, LARGE_GPA + second, LARGE_PAGE + second, 0);
    }

    /// The machine by the names of its operations; operands in the order of its list.
    private static final class Machine {
        private final ArchOperations operations;
        private final PhysicalMemory memory;
        private OperationCall last;
        private long calls;

        Machine(ArchOperations operations, PhysicalMemory memory) {
            this.operations = operations;
            this.memory = memory;
            last = new OperationCall(operations.list().getFirst());
        }

        long call(String name, long... operands) {
            for (Operation operation : operations.list()) {
                if (operation.name().equals(name)) {
                    last = new OperationCall(operation);
                    for (int i = 0; i < operands.length; i++) {
                        last.in(i, operands[i]);
                    }
                    calls++;
                    return operations.invoke(operation, last);
                }
            }
            throw new IllegalStateException("the machine has no operation " + name);
        }

        long out(int index) {
            return last.out(index);
        }

        void assign(long spa, long gpa, long asid, long large) {
            call("RMPUPDATE", spa, 1, large, 0, gpa, asid, 0);
        }

        void validate(long spa, long gpa, long large) {
            call("PVALIDATE", ASID, 0, 0, 1, gpa, spa, large, 1);
        }

        /// Assigns a page and lets the guest validate it.
        void own(long spa, long gpa) {
            assign(spa, gpa, ASID, 0);
            validate(spa, gpa, 0);
        }

        String access(long asid, long gpa, long spa, long nptLarge) {
            long status = call("GUEST.ACCESS", asid, 0, 1, gpa, spa, nptLarge, READ_ACCESS, 1);
            long info = out(0);
            return status == 0 ? "OK"
                    : status == VC ? "#VC 0x" + Long.toHexString(info)
                            : status == NPF ? "NPF" + names(info) : "status 0x" + Long.toHexString(status);
        }

        /// The bits that the RMP sets, each behind a space.
        String names(long info) {
            call("FAULT.NAMES", info);
            StringBuilder names = new StringBuilder();
            for (String bit : new String(last.outBytes(0), StandardCharsets.US_ASCII).split(" ", -1)) {
                names.append(JUDGED.contains(bit) ? " " + bit : "");
            }
            return names.toString();
        }
    }
}
