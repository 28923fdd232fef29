package org.enclosure.tck.machine;

import java.lang.foreign.Arena;
import java.util.List;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.tck.plugin.Plugin;

/// The platform of the plugin under test over memory of its own, without an engine.
public final class BareMachine implements AutoCloseable {
    /// Its memory, from physical address 0.
    public static final long BYTES = 16L << 20;

    private final Arena arena = Arena.ofShared();
    private final PhysicalMemory memory;
    private final Platform platform;

    /// Opens one.
    public BareMachine(Plugin plugin) {
        this(plugin, BYTES);
    }

    /// Opens one with so much memory.
    public BareMachine(Plugin plugin, long bytes) {
        memory = new PhysicalMemory(arena.allocate(bytes, 4096), 0);
        platform = plugin.provider().open(new PlatformContext(memory,
                List.of(new MemoryRange(0, bytes, MemoryRange.Kind.RAM)), plugin.hostSettings()));
    }

    /// Opens one that is like another machine, with memory of its own.
    ///
    /// @param provider the plugin, perhaps loaded anew
    /// @param like ranges and settings of the other
    /// @param bytes of memory
    public BareMachine(ArchitectureProvider provider, PlatformContext like, long bytes) {
        memory = new PhysicalMemory(arena.allocate(bytes, 4096), 0);
        platform = provider.open(new PlatformContext(memory, like.ranges(), like.options()));
    }

    /// The platform.
    public Platform platform() {
        return platform;
    }

    /// The memory, past all checks.
    public PhysicalMemory memory() {
        return memory;
    }

    /// A word that changes when the first [#BYTES] do.
    public long digest() {
        long digest = 0;
        for (long at = 0; at < BYTES; at += Long.BYTES) {
            digest = digest * 0x100_0000_01b3L ^ memory.getLong(at);
        }
        return digest;
    }

    @Override
    public void close() {
        platform.close();
        arena.close();
    }
}
