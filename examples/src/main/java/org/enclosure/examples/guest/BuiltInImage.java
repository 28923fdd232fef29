package org.enclosure.examples.guest;

import java.util.Arrays;

import org.enclosure.api.Paging;

/// The image that is launched where no file is given: a header with a checksum, and a body that is always the same, so that
/// its measurement is too.
public final class BuiltInImage {
    private static final int BODY_PAGES = 31;
    private static final long BODY_SEED = 0x656e_636c_6f73_7572L;

    private BuiltInImage() {
    }

    /// The bytes, 128 KiB; a fresh copy.
    public static byte[] bytes() {
        byte[] body = Pattern.bytes(BODY_SEED, 0, BODY_PAGES * (int) Paging.PAGE_SIZE);
        byte[] image = Arrays.copyOf(ImageHeader.page(body), (int) Paging.PAGE_SIZE + body.length);
        System.arraycopy(body, 0, image, (int) Paging.PAGE_SIZE, body.length);
        return image;
    }
}
