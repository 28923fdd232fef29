package org.enclosure.core.mem;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.jspecify.annotations.Nullable;

/// A range of address space that reads as zeroes and is committed page by page at first touch.
///
/// Aligned to 1 GiB from that size on, otherwise to 2 MiB, so that huge frames can be huge pages. Creation and closing
/// allocate, may be called on any thread, and closing takes about 0.1 ms (it waits until no thread is inside the segment).
/// Nobody may use the addresses afterwards: with [Raw] that is undefined unless [Raw#BOUNDED].
final class Reservation implements AutoCloseable {
    private static final long HUGE = 1L << 21;
    private static final long GIGANTIC = 1L << 30;
    private static final AtomicLong FILES = new AtomicLong();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final @Nullable FileChannel file;

    /// Reserves memory.
    ///
    /// @param bytes a positive multiple of 4096
    /// @throws GuestMemoryException EINVAL; ENOMEM where the system refuses
    Reservation(long bytes) {
        if (bytes <= 0 || (bytes & 4095) != 0) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "a reservation of " + bytes + " bytes; legal is a positive multiple of 4096");
        }
        try {
            file = NativeCalls.givesBack() ? null : openFile();
            segment = file == null ? mapAnonymous(bytes) : mapFile(file, bytes);
        } catch (IOException e) {
            arena.close();
            throw new GuestMemoryException(Errno.ENOMEM, bytes + " bytes cannot be mapped from a temporary file in "
                    + System.getProperty("java.io.tmpdir") + ": " + e);
        }
        LiveSegments.add(segment);
    }

    private static long alignment(long bytes) {
        return bytes >= GIGANTIC ? GIGANTIC : HUGE;
    }

    private MemorySegment mapAnonymous(long bytes) {
        long alignment = alignment(bytes);
        long mapped = LinuxCalls.mmap(bytes + alignment);
        if (mapped < 0) {
            arena.close();
            throw new GuestMemoryException(Errno.ENOMEM,
                    bytes + " bytes of address space cannot be reserved: mmap gave errno "
                            + -mapped + " (limits: ulimit -v, vm.overcommit_memory, vm.max_map_count)");
        }
        long address = (mapped + alignment - 1) & -alignment;
        unmap(mapped, address - mapped);
        unmap(address + bytes, mapped + alignment - address);
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, whole -> unmap(address, bytes));
    }

    private static void unmap(long address, long bytes) {
        if (bytes != 0 && LinuxCalls.munmap(address, bytes) != 0) {
            throw new AssertionError("munmap of 0x" + Long.toHexString(address) + ", " + bytes + " bytes failed");
        }
    }

    private MemorySegment mapFile(FileChannel channel, long bytes) throws IOException {
        long alignment = alignment(bytes);
        try {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes + alignment, arena);
            return mapped.asSlice(-mapped.address() & (alignment - 1), bytes);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// The file holds the memory of guests: nobody else may read it, and it goes away with its channel.
    private static FileChannel openFile() throws IOException {
        Path path = Path.of(System.getProperty("java.io.tmpdir"), "enclosure-" + ProcessHandle.current().pid() + "-"
                + Long.toHexString(System.nanoTime()) + "-" + FILES.getAndIncrement() + ".mem");
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] rights = posix
                ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
        return FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE, StandardOpenOption.SPARSE, StandardOpenOption.DELETE_ON_CLOSE), rights);
    }

    long address() {
        return segment.address();
    }

    long bytes() {
        return segment.byteSize();
    }

    MemorySegment segment() {
        return segment;
    }

    /// Gives the range back. A second call does nothing.
    @Override
    public void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        LiveSegments.remove(segment);
        arena.close();
        if (file != null) {
            closeFile(file);
        }
    }

    private static void closeFile(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new GuestMemoryException(Errno.EIO, "the temporary file of a reservation cannot be closed: " + e);
        }
    }
}
