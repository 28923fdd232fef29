package org.enclosure.core.vcpu;

import java.util.function.Consumer;

import org.enclosure.core.machine.GuestEntry;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.VcpuBackend;

/// A vCPU's place in its VM.
///
/// @param index its number
/// @param backend its backend
/// @param entry its entry state
/// @param frames frames that the backend keeps
/// @param onClose told when the place becomes free
public record VcpuSlot(int index, VcpuBackend backend, GuestEntry entry, FrameCache frames,
        Consumer<VcpuPlace> onClose) {
    void release(VcpuPlace place) {
        onClose.accept(place);
    }
}
