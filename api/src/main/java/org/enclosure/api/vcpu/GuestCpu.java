package org.enclosure.api.vcpu;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// The guest's face of a vCPU. Used on the vCPU's thread alone, and only during the run.
///
/// An `address` is a gpa as the guest puts it on its bus: with the architecture's tag, where there is one
/// ([#address(long, boolean)]). Values are little-endian; an access may have any alignment; one that crosses a page end is two
/// accesses, and nothing is written before both are allowed. A load or store that meets no memory is MMIO and exits.
///
/// No access allocates. When the VMM stops the vCPU, the call that is under way does not return but throws a control-flow
/// throwable that a guest program must let pass. One that does not meets it again at every access, and the run ends with the
/// exit that it was stopped by; so too after an exception of the VMM's exit handler.
@API(status = EXPERIMENTAL, since = "0.1")
public interface GuestCpu {
    /// Number of this vCPU, 0 for the boot vCPU.
    int index();

    /// Reads 8 bytes.
    long loadLong(long address);

    /// Writes 8 bytes.
    void storeLong(long address, long value);

    /// Reads 1, 2, 4 or 8 bytes, zero-extended.
    long load(long address, int size);

    /// Writes the low 1, 2, 4 or 8 bytes of a value.
    void store(long address, int size, long value);

    /// Replaces an aligned 8-byte word if it has the expected value, with the memory effects of a volatile access.
    ///
    /// @return whether it was replaced
    boolean compareAndSwap(long address, long expected, long value);

    /// Copies guest memory out; page by page, so a stop in between leaves the rest unread.
    void read(long address, byte[] into, int offset, int length);

    /// Copies guest memory in; page by page.
    void write(long address, byte[] from, int offset, int length);

    /// Executes an instruction of the architecture.
    ///
    /// @param instruction the architecture's own number
    void execute(int instruction, RegisterFile registers);

    /// This vCPU's registers, for [#execute].
    RegisterFile registers();

    /// Installs the handler of exceptions; without one they stop the vCPU with SHUTDOWN.
    void onEvent(GuestEventHandler handler);

    /// The address by which this guest reaches `gpa` in the given kind; the plain gpa where addresses tell no kind.
    long address(long gpa, boolean isPrivate);

    /// Accepts private memory, as this architecture's guest kernel does.
    ///
    /// @param gpa a multiple of 4096
    /// @param bytes a multiple of 4096
    void accept(long gpa, long bytes);

    /// Makes memory shared, as this architecture's guest kernel does; throws if the host refuses.
    void share(long gpa, long bytes);

    /// Makes memory private again and usable; throws if the host refuses.
    void unshare(long gpa, long bytes);

    /// A point at which a kick or a pause takes effect, for a guest that computes without touching memory.
    void poll();
}
