/// The built-in platform: private memory with no hardware behind it, as KVM's software-protected VM type has.
///
/// A plugin like any other: it depends on `org.enclosure.api` and `org.enclosure.spi` alone. It needs no acceptance, has no
/// address tag and no guest page attribute: what the host has recorded for a page is the only truth. What it adds to the engine
/// is a host-wide record of which frame is private to which VM ([FrameOwners]), so that the host never gets the bytes of private
/// memory and no frame is private to two VMs.
@NullMarked
package org.enclosure.software;

import org.jspecify.annotations.NullMarked;
