/// The two faces of a vCPU: [Vcpu][org.enclosure.api.vcpu.Vcpu] is the VMM's, [GuestCpu][org.enclosure.api.vcpu.GuestCpu] is
/// the guest's.
@NullMarked
package org.enclosure.api.vcpu;

import org.jspecify.annotations.NullMarked;
