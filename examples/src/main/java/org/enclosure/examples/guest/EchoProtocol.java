package org.enclosure.examples.guest;

/// How guest and echo device use the bounce buffer: two sequence words in cache lines of their own, a length, and two areas.
///
/// ```
///  0          64          128       192       4096                 32768                61440      65536
///  +----------+-----------+---------+---------+--------------------+--------------------+----------+
///  | request  | response  | length  | status  | request data       | response data      | unused   |
///  | sequence | sequence  |         |         | 28 KiB             | 28 KiB             |          |
///  +----------+-----------+---------+---------+--------------------+--------------------+----------+
/// ```
///
/// The guest writes data and length, then the next request sequence, then rings the doorbell. The device writes the data back,
/// the status, then
/// the same sequence as response.
public final class EchoProtocol {
    /// Offset of the guest's sequence word.
    public static final long REQUEST_SEQUENCE = 0;
    /// Offset of the device's sequence word.
    public static final long RESPONSE_SEQUENCE = 64;
    /// Offset of the length of the request in bytes.
    public static final long LENGTH = 128;
    /// Offset of the device's status word.
    public static final long STATUS = 192;
    /// Offset of the guest's data.
    public static final long REQUEST_DATA = 4096;
    /// Offset of the device's data.
    public static final long RESPONSE_DATA = 32768;
    /// The most data of one trip.
    public static final int MAX_BYTES = 28672;
    /// Status: the data are back.
    public static final long DONE = 0;
    /// Status: the length was not legal; nothing was read or written.
    public static final long BAD_LENGTH = 1;

    private EchoProtocol() {
    }
}
