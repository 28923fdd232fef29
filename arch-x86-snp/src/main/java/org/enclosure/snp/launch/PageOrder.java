package org.enclosure.snp.launch;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import org.enclosure.spi.LaunchItem;

/// In which order pages are loaded. SEV-SNP chains them, so each order has a digest of its own.
enum PageOrder {
    /// As the VMM does it: [#METADATA], and [#CPUID_LAST] on EC2.
    VMM("the VMM's own"),
    /// The image, then the sections in the order of the metadata.
    METADATA("the image, then the sections in the order of the metadata"),
    /// As [#METADATA], and the CPUID page after all others.
    CPUID_LAST("the CPUID page after all others"),
    /// As [#METADATA], and the kernel's hashes before the other sections.
    HASHES_FIRST("the kernel's hashes right after the image"),
    /// The sections before the image.
    IMAGE_LAST("the sections before the image"),
    /// By address.
    ASCENDING("by ascending address");

    private final String meaning;

    PageOrder(String meaning) {
        this.meaning = meaning;
    }

    /// What the order is, for people.
    String meaning() {
        return meaning;
    }

    /// Puts pages, which are in the order of the metadata, into this order.
    void sort(List<LaunchItem> pages, Vmm vmm) {
        pages.sort(Comparator.comparingLong(resolve(vmm)::key));
    }

    /// The order that this one is with a VMM.
    PageOrder resolve(Vmm vmm) {
        return this != VMM ? this : vmm == Vmm.EC2 ? CPUID_LAST : METADATA;
    }

    private long key(LaunchItem page) {
        boolean inImage = page.imageOffset() >= 0;
        return switch (this) {
            case VMM, METADATA -> 0;
            case CPUID_LAST -> page.type() == PageType.CPUID ? 1 : 0;
            case HASHES_FIRST -> inImage ? 0 : LaunchFlags.isHashes(page) ? 1 : 2;
            case IMAGE_LAST -> inImage ? 1 : 0;
            case ASCENDING -> page.gfn();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
