package org.enclosure.examples.guest;

/// What lies where in the guest's address space.
///
/// ```
///  0            1M        4M                8M             10M          end of image = min(RAM, 4G)   end of RAM
///  +------------+---------+-----------------+--------------+------- .. --+-------+ - - - - - - - - - - +
///  | unused     | bounce  | converted pages | window: a    | RAM         | image | RAM above 4G        | nothing, but
///  |            | 64K     | 1024 pages      | slot apart   |             |       | continues at 4G     | the doorbell
///  +------------+---------+-----------------+--------------+------- .. --+-------+ - - - - - - - - - - +
/// ```
///
/// RAM is one range from 0 without a hole; the image ends at 4 GiB, or at the top of RAM when there is less. The window is a
/// memslot of its own, so that the host can take it away and put something else there.
///
/// @param ramBytes how much RAM there is
/// @param imageBytes length of the image
public record MemoryMap(long ramBytes, long imageBytes) {
    /// First byte of the bounce buffer.
    public static final long BOUNCE = 1L << 20;
    /// Length of the bounce buffer.
    public static final long BOUNCE_BYTES = 64L << 10;
    /// First byte of the pages that are converted back and forth.
    public static final long CONVERTED = 4L << 20;
    /// How many pages are converted back and forth.
    public static final int CONVERTED_PAGES = 1024;
    /// First byte of the window.
    public static final long WINDOW = 8L << 20;
    /// Length of the window.
    public static final long WINDOW_BYTES = 2L << 20;
    /// Everything below this address is the working memory above.
    public static final long WORK_BYTES = WINDOW + WINDOW_BYTES;
    /// Where 4 GiB end.
    public static final long FOUR_GIB = 4L << 30;

    private static final long DOORBELL_DISTANCE = 64L << 10;

    /// The longest image that leaves room for the working memory.
    public static long imageLimit(long ramBytes) {
        return Math.min(ramBytes, FOUR_GIB) - WORK_BYTES;
    }

    /// First byte of the image.
    public long image() {
        return Math.min(ramBytes, FOUR_GIB) - imageBytes;
    }

    /// The address that rings the device; there is no memory.
    public long doorbell() {
        return ramBytes + DOORBELL_DISTANCE;
    }
}
