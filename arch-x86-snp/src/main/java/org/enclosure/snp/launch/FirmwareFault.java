package org.enclosure.snp.launch;

import java.util.Locale;

/// Why a firmware image cannot be measured.
public enum FirmwareFault {
    /// None.
    SUCCESS(0),
    /// The image is empty, not a multiple of 4096 bytes, or too large.
    IMAGE_SIZE(1),
    /// No table of GUIDs ends 32 bytes before the image's end.
    NO_FOOTER(2),
    /// The table of GUIDs contradicts itself.
    FOOTER_TABLE(3),
    /// The table of GUIDs has no entry for the SEV metadata.
    NO_METADATA(4),
    /// The SEV metadata contradict themselves or the image.
    METADATA(5),
    /// A section of the SEV metadata cannot be loaded.
    SECTION(6),
    /// The table of GUIDs has no entry with the address at which further vCPUs start.
    NO_RESET_BLOCK(7),
    /// There is a kernel, and the table of GUIDs has no entry for the hashes.
    NO_HASHES_TABLE(8),
    /// There is a kernel, and the SEV metadata have no section for the hashes.
    NO_HASHES_SECTION(9),
    /// The place for the hashes is too small or crosses a page.
    HASHES_AREA(10);

    private final int status;

    FirmwareFault(int status) {
        this.status = status;
    }

    /// The status of the operations.
    public int status() {
        return status;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
