package org.enclosure.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Set;

import org.enclosure.spi.VmType;
import org.enclosure.tck.parity.Parity;
import org.enclosure.tck.plugin.MachineTable;
import org.enclosure.tck.plugin.Plugin;
import org.junit.jupiter.api.Test;

/// RAW-1: what the plugin does under the engine are operations of its machine. A script or a vector that names the same operations
/// meets the same code, and a hostile host has no fewer means than the plugin's own.
public abstract class ParityContract extends TypeContract {
    private static final int CONVERSIONS = 1_000;

    /// Creates the contract of a plugin.
    protected ParityContract(Plugin plugin) {
        super(plugin);
    }

    private MachineTable table() {
        assumeTrue(plugin().noMachine().isEmpty(), plugin().noMachine());
        MachineTable table = plugin().machine();
        if (table == null) {
            throw new AssertionError("say by Plugin.withMachine which methods of the machine are operations, or by"
                    + " Plugin.withoutMachine why there are none");
        }
        return table;
    }

    @Test
    void raw1ShouldChangeTablesThroughOperationsAlone() {
        Parity parity = new Parity(plugin(), table());
        assertEquals(List.of(), parity.unknownNames(), "names in the table that the machine does not have");
        assertEquals(Set.of(), parity.unlisted(),
                "methods that change the machine, are called by the host, and are no operations");
    }

    @EachType
    void raw1ShouldAnswerTheSameOnABareMachine(VmType type) {
        Parity.Result result = new Parity(plugin(), table()).replay(type, CONVERSIONS);
        System.out.println("parity " + plugin().provider().id() + "/" + type.id() + ": " + result);
        assertTrue(result.conversions() >= CONVERSIONS, () -> "too few conversions: " + result);
        assertTrue(result.operations() > 0, () -> "no operation was recorded: " + result);
    }
}
