package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;
import org.enclosure.api.vcpu.GuestCpu;

/// Guest code: what a guest kernel of this architecture does to boot, accept, share and unshare memory.
///
/// It runs on the vCPU's thread inside of the guest and reaches the world through the [GuestCpu] alone. It keeps the guest's
/// own record of each page's kind, so that a guest can be wrong or late. Addresses are gpas without the tag and, like
/// lengths, multiples of 4096.
@API(status = EXPERIMENTAL, since = "0.1")
public interface GuestDriver {
    /// Does what the guest does first on the boot vCPU.
    void boot(GuestCpu cpu);

    /// Makes private memory usable; nothing where no acceptance is needed.
    void accept(GuestCpu cpu, long gpa, long bytes);

    /// Makes a range shared with the host.
    ///
    /// @throws GuestRefusedException if the host refuses
    void share(GuestCpu cpu, long gpa, long bytes);

    /// Makes a range private again and usable.
    ///
    /// @throws GuestRefusedException if the host refuses
    void unshare(GuestCpu cpu, long gpa, long bytes);

    /// The address by which the guest reaches `gpa` in the given kind.
    long tagged(long gpa, boolean isPrivate);

    /// Handles an event of the architecture.
    ///
    /// @param event a constant of [org.enclosure.api.vcpu.GuestEvent]
    /// @return whether the access is to be tried again
    boolean onEvent(GuestCpu cpu, int event, long gpa);
}
