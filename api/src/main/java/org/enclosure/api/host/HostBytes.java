package org.enclosure.api.host;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// Host access to a range of bytes, by offset from its start. Values are little-endian, at any alignment.
@API(status = EXPERIMENTAL, since = "0.1")
public interface HostBytes {
    /// Length of the range.
    long bytes();

    /// Reads 8 bytes.
    ///
    /// @throws HostAccessException if a byte cannot be reached
    long loadLong(long offset);

    /// Writes 8 bytes.
    ///
    /// @throws HostAccessException if a byte cannot be reached; then nothing is written
    void storeLong(long offset, long value);

    /// Copies bytes out.
    ///
    /// @throws HostAccessException at the first page that cannot be reached
    void read(long offset, byte[] into, int at, int length);

    /// Copies bytes in.
    ///
    /// @throws HostAccessException at the first page that cannot be reached; the pages before it are written
    void write(long offset, byte[] from, int at, int length);
}
