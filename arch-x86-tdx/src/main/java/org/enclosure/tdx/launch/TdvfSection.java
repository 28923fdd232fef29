package org.enclosure.tdx.launch;

/// One section of a TDVF image: what of the image goes where, and how.
///
/// @param dataOffset offset of its bytes in the image
/// @param rawSize bytes of it in the image
/// @param address guest physical address
/// @param memorySize bytes of it in memory; what the image does not have is zero
/// @param type 0 BFV, 1 CFV, 2 TD HOB, 3 temporary memory, 4 permanent memory
/// @param attributes bit 0: its content is measured; bit 1: it is given after the launch, not added
public record TdvfSection(long dataOffset, long rawSize, long address, long memorySize, long type, long attributes) {
    /// Attribute: the content is measured.
    public static final long EXTEND = 1;
    /// Attribute: given after the launch.
    public static final long AUG = 2;

    /// Whether the launch adds its pages.
    public boolean isAdded() {
        return (attributes & AUG) == 0;
    }

    /// Whether the launch measures its content.
    public boolean isMeasured() {
        return isAdded() && (attributes & EXTEND) != 0;
    }
}
