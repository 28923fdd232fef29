package org.enclosure.core.vcpu;

import org.enclosure.core.convert.ConversionEngine;
import org.enclosure.core.convert.ConversionGate;
import org.enclosure.core.fault.FaultCore;
import org.enclosure.core.machine.VmCore;

/// What all vCPUs of a VM share.
///
/// @param vm the wiring
/// @param faults the fault core
/// @param engine the conversion engine
/// @param gate the policy in front of it
/// @param launch who takes initial content
public record VcpuParts(VmCore vm, FaultCore faults, ConversionEngine engine, ConversionGate gate, PreMapper launch) {
}
