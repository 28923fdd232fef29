package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;

/// Firmware images of recorded launches, for tests of other packages.
public final class RecordedFirmware {
    private RecordedFirmware() {
    }

    /// The image of that name.
    public static MemorySegment of(String name) {
        return SnpPlannerTest.image(name);
    }
}
