package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.List;

import org.apiguardian.api.API;

/// The machine's operations as a table, for scripts, vectors and a hostile host.
@API(status = EXPERIMENTAL, since = "0.1")
public interface ArchOperations {
    /// All operations; names are unique.
    List<Operation> list();

    /// Executes one operation of the list on the machine.
    ///
    /// @param call operands in, outputs out
    /// @return the architecture's own status value, as its register would hold it
    /// @throws IllegalArgumentException if the operation is not of this list, or an operand names nothing that exists
    long invoke(Operation operation, OperationCall call);
}
