package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.exit.VmExit;

/// One access in, its data or an exit out: the layer below [org.enclosure.api.vcpu.Vcpu], for a VMM that brings a CPU of its
/// own. It resolves faults, it never converts and never calls a handler.
///
/// Takes a vCPU's place in its VM. Used by one platform thread at a time. Allocates nothing.
@API(status = EXPERIMENTAL, since = "0.1")
public interface AccessResolver extends AutoCloseable {
    /// Reads 1, 2, 4 or 8 bytes.
    ///
    /// @param address gpa with the architecture's tag
    /// @return true if the data is in [#value()], false if [#exit()] says why not
    boolean load(long address, int size);

    /// Writes 1, 2, 4 or 8 bytes.
    ///
    /// @return true if it is written, false if [#exit()] says why not, and nothing is written
    boolean store(long address, int size, long value);

    /// What the last load read, zero-extended.
    long value();

    /// Why the last access was not done; valid until the next.
    VmExit exit();

    /// Gives the vCPU's place back; later accesses are refused.
    ///
    /// @throws IllegalStateException if it is in an access
    @Override
    void close();
}
