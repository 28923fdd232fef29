package org.enclosure.tck;

import org.enclosure.tck.contract.GuestCallContract;
import org.enclosure.tck.contract.GuestTableContract;
import org.enclosure.tck.contract.LaunchContract;
import org.enclosure.tck.contract.LoadingContract;
import org.enclosure.tck.contract.OperationsContract;
import org.enclosure.tck.contract.OwnershipContract;
import org.enclosure.tck.contract.ParityContract;
import org.enclosure.tck.contract.RandomContract;
import org.enclosure.tck.contract.ScenarioContract;
import org.enclosure.tck.contract.VcpuContract;
import org.enclosure.tck.plugin.Plugin;
import org.junit.jupiter.api.Nested;

/// Everything that a plugin has to show, for one test class of the plugin's own module:
///
/// ```java
/// class MyArchitectureTest extends ArchitectureContract {
///     MyArchitectureTest() {
///         super(Plugin.of(new MyProvider()));
///     }
/// }
/// ```
///
/// Each test runs once per VM type. One that cannot say anything about a type, because its traits rule the situation out or the
/// architecture refuses it, is skipped with the reason.
public abstract class ArchitectureContract {
    private final Plugin plugin;

    /// For the plugin's test class.
    protected ArchitectureContract(Plugin plugin) {
        this.plugin = plugin;
    }

    /// What a loader asks of a provider.
    @Nested
    public class Loading extends LoadingContract {
        Loading() {
            super(plugin);
        }
    }

    /// The tables of one VM.
    @Nested
    public class GuestTables extends GuestTableContract {
        GuestTables() {
            super(plugin);
        }
    }

    /// One frame, and two who want it.
    @Nested
    public class Ownership extends OwnershipContract {
        Ownership() {
            super(plugin);
        }
    }

    /// Entry, exit, admission.
    @Nested
    public class Vcpus extends VcpuContract {
        Vcpus() {
            super(plugin);
        }
    }

    /// What guests ask for.
    @Nested
    public class GuestCalls extends GuestCallContract {
        GuestCalls() {
            super(plugin);
        }
    }

    /// The initial payload and its measurement.
    @Nested
    public class Launching extends LaunchContract {
        Launching() {
            super(plugin);
        }
    }

    /// The table of operations.
    @Nested
    public class MachineOperations extends OperationsContract {
        MachineOperations() {
            super(plugin);
        }
    }

    /// Host code and operations come down to the same machine.
    @Nested
    public class Parity extends ParityContract {
        Parity() {
            super(plugin);
        }
    }

    /// Whole stories, with the oracle behind every step.
    @Nested
    public class Scenarios extends ScenarioContract {
        Scenarios() {
            super(plugin);
        }
    }

    /// Random steps, with the oracle behind each.
    @Nested
    public class RandomSteps extends RandomContract {
        RandomSteps() {
            super(plugin);
        }
    }
}
