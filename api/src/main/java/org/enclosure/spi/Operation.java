package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.List;

import org.apiguardian.api.API;

/// One operation of an architecture, by its real name: a line of its table.
///
/// @param name the real name, upper case with dots or underscores, unique within the platform
/// @param number the architecture's number of it, or -1
/// @param effect what it can change
/// @param in operands
/// @param out outputs
/// @param statuses the status values that it can answer, with the names that scripts may write for them
/// @param source document and section that defines it
@API(status = EXPERIMENTAL, since = "0.1")
public record Operation(String name, long number, Effect effect, List<Field> in, List<Field> out,
        List<StatusName> statuses, String source) {
    /// What an operation can change.
    @API(status = EXPERIMENTAL, since = "0.1")
    public enum Effect {
        /// Nothing.
        READS,
        /// The machine's tables or memory.
        CHANGES,
        /// It runs a vCPU: refused for those that the engine runs.
        ENTERS,
        /// White-box state, or the environment that a test sets up.
        TEST
    }

    /// One operand or output.
    ///
    /// @param name lower case
    /// @param bits width: 1 to 64, or 0 for bytes of any length
    /// @param meaning one line
    @API(status = EXPERIMENTAL, since = "0.1")
    public record Field(String name, int bits, String meaning) {
        /// Checks the width.
        public Field {
            if (bits < 0 || bits > 64) {
                throw new IllegalArgumentException(
                        "field " + name + " has " + bits + " bits; legal are 0 (bytes) to 64");
            }
        }
    }

    /// The name of a status value.
    ///
    /// @param name as the architecture's document writes it, unique within the operation
    /// @param value what [ArchOperations#invoke] answers then
    @API(status = EXPERIMENTAL, since = "0.1")
    public record StatusName(String name, long value) {
    }

    /// Copies the lists.
    public Operation {
        in = List.copyOf(in);
        out = List.copyOf(out);
        statuses = List.copyOf(statuses);
    }
}
