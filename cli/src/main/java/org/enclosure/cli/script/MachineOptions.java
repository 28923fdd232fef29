package org.enclosure.cli.script;

import java.util.Map;

import org.enclosure.cli.Sizes;
import org.enclosure.cli.UnusableInput;

/// A bare machine.
///
/// @param memoryBytes its memory, a multiple of 4096
/// @param base physical address of the first byte, a multiple of 4096
/// @param options the plugin's own settings
public record MachineOptions(long memoryBytes, long base, Map<String, String> options) {
    /// The most memory. There is no lower limit but a page: the machines of published vectors are small.
    static final long MAX_MEMORY = 4L << 40;
    /// The largest address plus one: 52 bits, the most that an architecture has.
    static final long ADDRESS_LIMIT = 1L << 52;
    private static final long DEFAULT_MEMORY = 64L << 20;

    /// Checks the numbers; copies the map.
    ///
    /// @throws UnusableInput if a number is out of range
    public MachineOptions {
        if (memoryBytes < 4096 || memoryBytes > MAX_MEMORY || (memoryBytes & 0xfff) != 0) {
            throw new UnusableInput(
                    "machine.memory " + memoryBytes + " is not legal: a multiple of 4K from 4K to "
                            + Sizes.show(MAX_MEMORY));
        }
        if (base < 0 || (base & 0xfff) != 0 || base > ADDRESS_LIMIT - memoryBytes) {
            throw new UnusableInput("machine.base 0x" + Long.toHexString(base)
                    + " is not legal: a multiple of 0x1000, with base + memory at most 0x"
                    + Long.toHexString(ADDRESS_LIMIT));
        }
        options = Map.copyOf(options);
    }

    /// 64M at address 0, no settings.
    public static MachineOptions defaults() {
        return new MachineOptions(DEFAULT_MEMORY, 0, Map.of());
    }
}
