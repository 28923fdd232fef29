package org.enclosure.examples.attack;

import org.enclosure.api.vcpu.GuestCpu;

/// How a guest of one architecture calls the host past its driver: with any operands, and nothing checked on the guest's side.
interface RawCalls {
    /// Asks for a conversion.
    ///
    /// @param gpa any value
    /// @param pages any value
    /// @return the answer in the guest's registers
    long convert(GuestCpu cpu, long gpa, long pages, boolean toPrivate);

    /// Asks for a conversion with bits set that the interface reserves.
    ///
    /// @return the answer in the guest's registers
    long convertWithReservedBits(GuestCpu cpu, long gpa);

    /// Makes a call that does not exist.
    ///
    /// @return the answer in the guest's registers
    long unknownCall(GuestCpu cpu, long number);
}
