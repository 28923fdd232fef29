package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;

/// The steps of a launch: the image's pages, then for SEV-SNP the sections of its metadata, for SEV and SEV-ES the kernel's hashes,
/// all put into the wanted [PageOrder], then the vCPUs.
///
/// The vCPUs are two RANGE items whatever their number: the boot vCPU, and one for all others, because only the VM knows how many
/// it has.
final class LaunchSteps {
    private static final long GPA_LIMIT = Vmsa.MEASURED_GPA;

    private final List<LaunchItem> items = new ArrayList<>();

    private LaunchSteps() {
    }

    /// The steps for firmware, which ends at 4 GiB.
    ///
    /// @throws FirmwareException if the image lacks what the mode needs, or contradicts itself
    static List<LaunchItem> firmware(MemorySegment image, LaunchOptions options) {
        return firmware(image, options.mode(), options.vmm(), options.hasKernel(), options.order());
    }

    static List<LaunchItem> firmware(MemorySegment image, Mode mode, Vmm vmm, boolean hasKernel, PageOrder order) {
        Firmware firmware = new Firmware(image);
        LaunchSteps steps = new LaunchSteps();
        steps.image(firmware.gpa(), image.byteSize());
        if (mode == Mode.SNP) {
            steps.sections(firmware, vmm, hasKernel);
        } else if (hasKernel) {
            steps.hashesBelow(firmware.gpa(), firmware.hashesGpa());
        }
        order.sort(steps.items, vmm);
        if (mode != Mode.SEV) {
            steps.vcpus(firmware.resetEip());
        }
        return steps.items;
    }

    /// The steps for an image that is no firmware: its pages, and vCPUs that all start at the reset vector.
    ///
    /// @param size of the image
    /// @throws IllegalArgumentException if the image cannot lie there
    static List<LaunchItem> payload(long size, long gpa, Mode mode) {
        Firmware.checkSize(size, GPA_LIMIT);
        if (gpa > GPA_LIMIT - size) {
            throw new IllegalArgumentException("an image of " + size + " bytes at gpa=0x" + Long.toHexString(gpa)
                    + " passes 0x" + Long.toHexString(GPA_LIMIT) + ", where the vCPUs' pages are measured");
        }
        LaunchSteps steps = new LaunchSteps();
        steps.image(gpa, size);
        if (mode != Mode.SEV) {
            steps.vcpus(Vmsa.RESET_VECTOR);
        }
        return steps.items;
    }

    private void image(long gpa, long size) {
        for (long at = 0; at < size; at += Paging.PAGE_SIZE) {
            page(gpa + at, at, PageType.NORMAL, 0);
        }
    }

    private void sections(Firmware firmware, Vmm vmm, boolean hasKernel) {
        List<Section> sections = firmware.sections();
        check(sections, firmware);
        for (Section section : sections) {
            section(section, firmware, vmm, hasKernel);
        }
        if (hasKernel && sections.stream().noneMatch(section -> section.type() == Section.KERNEL_HASHES)) {
            throw new FirmwareException(FirmwareFault.NO_HASHES_SECTION,
                    "the firmware's SEV metadata have no section of type 0x10 for kernel hashes, which a kernel needs");
        }
    }

    private static void check(List<Section> sections, Firmware firmware) {
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            section.check();
            if (section.gpa() + section.size() > firmware.gpa()) {
                throw section
                        .refused("it overlaps the image, which starts at gpa 0x" + Long.toHexString(firmware.gpa()));
            }
            for (Section other : sections.subList(0, i)) {
                if (section.overlaps(other.gpa(), other.gpa() + other.size())) {
                    throw section.refused("it overlaps the " + other);
                }
            }
        }
    }

    private void section(Section section, Firmware firmware, Vmm vmm, boolean hasKernel) {
        switch ((int) section.type()) {
            case Section.SEC_MEM -> pages(section, vmm == Vmm.GCE ? PageType.UNMEASURED : PageType.ZERO);
            case Section.SECRETS -> pages(section, PageType.SECRETS);
            case Section.CPUID -> pages(section, PageType.CPUID);
            case Section.KERNEL_HASHES -> hashesSection(section, firmware, hasKernel);
            default -> pages(section, PageType.ZERO);
        }
    }

    private void hashesSection(Section section, Firmware firmware, boolean hasKernel) {
        if (!hasKernel) {
            pages(section, PageType.ZERO);
            return;
        }
        if (section.size() != Paging.PAGE_SIZE) {
            throw new FirmwareException(FirmwareFault.HASHES_AREA,
                    section + " of the SEV metadata has to have 4096 bytes when there is a kernel");
        }
        // The section tells the page, the table of GUIDs where in it the table goes, as QEMU combines the two.
        hashes(section.gpa() | firmware.hashesGpa() % Paging.PAGE_SIZE);
    }

    private void hashesBelow(long imageGpa, long gpa) {
        if (gpa + HashTable.SIZE > imageGpa) {
            throw new FirmwareException(FirmwareFault.HASHES_AREA, "the place for kernel hashes at gpa 0x"
                    + Long.toHexString(gpa) + " lies in the image, which starts at gpa 0x"
                    + Long.toHexString(imageGpa));
        }
        hashes(gpa);
    }

    private void pages(Section section, int type) {
        for (long at = 0; at < section.size(); at += Paging.PAGE_SIZE) {
            page(section.gpa() + at, -1, type, 0);
        }
    }

    private void hashes(long gpa) {
        int offset = (int) (gpa % Paging.PAGE_SIZE);
        page(gpa - offset, -1, PageType.NORMAL, LaunchFlags.ofHashes(offset));
    }

    private void vcpus(long eipOfOthers) {
        vcpu(Vmsa.RESET_VECTOR);
        vcpu(eipOfOthers);
    }

    private void vcpu(long eip) {
        items.add(new LaunchItem(LaunchItem.Kind.RANGE, Vmsa.MEASURED_GPA >>> Paging.PAGE_SHIFT, 1, -1, PageType.VMSA,
                LaunchFlags.ofEip(eip)));
    }

    private void page(long gpa, long imageOffset, int type, long flags) {
        items.add(new LaunchItem(LaunchItem.Kind.PAGE, gpa >>> Paging.PAGE_SHIFT, 1, imageOffset, type, flags));
    }
}
