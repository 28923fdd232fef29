package org.enclosure.core.vm;

import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.machine.VmCore;
import org.enclosure.spi.VmType;

/// What a VM is made of.
///
/// @param type its type
/// @param options what it was asked to be
/// @param core the wiring
/// @param memory the frames that it holds for itself
record VmParts(VmType type, VmOptions options, VmCore core, VmMemory memory) {
}
