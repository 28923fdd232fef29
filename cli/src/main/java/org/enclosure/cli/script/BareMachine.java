package org.enclosure.cli.script;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import org.enclosure.cli.Escape;
import org.enclosure.cli.InputFile;
import org.enclosure.cli.Sizes;
import org.enclosure.cli.UnusableInput;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;

/// A platform over memory of its own, without the engine.
public final class BareMachine implements AutoCloseable {
    private final Arena arena;
    private final PhysicalMemory memory;
    private final Platform platform;

    private BareMachine(Arena arena, PhysicalMemory memory, Platform platform) {
        this.arena = arena;
        this.memory = memory;
        this.platform = platform;
    }

    /// Opens one.
    ///
    /// @throws UnusableInput if the plugin refuses the options, or there is no room for the memory
    public static BareMachine open(ArchitectureProvider provider, MachineOptions options) {
        Arena arena = Arena.ofShared();
        try {
            PhysicalMemory memory = new PhysicalMemory(reserve(options.memoryBytes(), arena), options.base());
            List<MemoryRange> ranges = List
                    .of(new MemoryRange(options.base(), options.memoryBytes(), MemoryRange.Kind.RAM));
            return new BareMachine(arena, memory,
                    provider.open(new PlatformContext(memory, ranges, options.options())));
        } catch (IllegalArgumentException e) {
            arena.close();
            throw new UnusableInput(
                    "machine: " + provider.id() + " refuses it: " + Escape.visible(String.valueOf(e.getMessage())), e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /// Its physical memory.
    public PhysicalMemory memory() {
        return memory;
    }

    /// The plugin's platform, for those who drive a VM of it without the engine.
    public Platform platform() {
        return platform;
    }

    /// Its operations.
    public ArchOperations operations() {
        return platform.operations();
    }

    @Override
    public void close() {
        try (arena) {
            platform.close();
        }
    }

    /// A sparse file without a name is memory that costs nothing until it is touched, by means of Java alone.
    private static MemorySegment reserve(long bytes, Arena arena) {
        try {
            Path file = Files.createTempFile("enclosure", ".memory");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.SPARSE, StandardOpenOption.DELETE_ON_CLOSE)) {
                return channel.map(MapMode.READ_WRITE, 0, bytes, arena);
            }
        } catch (IOException e) {
            throw new UnusableInput(
                    "machine.memory " + Sizes.show(bytes) + " cannot be reserved: " + InputFile.reason(e), e);
        }
    }
}
