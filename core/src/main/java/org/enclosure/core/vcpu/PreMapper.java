package org.enclosure.core.vcpu;

import java.lang.foreign.MemorySegment;

/// The launch of a VM, as its vCPUs know it.
public interface PreMapper {
    /// Loads pages; see [org.enclosure.api.vcpu.Vcpu#preMap].
    long preMap(long gpa, MemorySegment source);

    /// Takes pages as they are; see [org.enclosure.api.vcpu.Vcpu#preMapInPlace].
    long preMapInPlace(long gpa, long bytes);
}
