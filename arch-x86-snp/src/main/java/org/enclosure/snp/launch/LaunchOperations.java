package org.enclosure.snp.launch;

import static org.enclosure.spi.Operation.Effect.READS;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import org.enclosure.api.Paging;
import org.enclosure.snp.catalog.OperationTable;
import org.enclosure.spi.Operation.StatusName;
import org.enclosure.spi.OperationCall;

/// The operations that measure without a machine: they read and change nothing.
///
/// What a real operation never sees (operands of no meaning, lists of unequal length) is an IllegalArgumentException; what can be
/// wrong with firmware is a status.
public final class LaunchOperations {
    private static final int MAX_PAGES = 1 << 18;
    private static final int MAX_VCPUS = 512;
    private static final int SECTION_BYTES = 24;
    private static final int LAYOUTS = 2;
    private static final long PAGES_2M = 512;

    private static final int HAS_METADATA = 1;
    private static final int HAS_RESET_BLOCK = 2;
    private static final int HAS_HASHES_TABLE = 4;

    private LaunchOperations() {
    }

    /// Declares the fields and adds the lines. The field `gpa` is expected to be declared.
    public static void addTo(OperationTable table) {
        fields(table);
        List<StatusName> success = List.of(new StatusName("SUCCESS", 0));
        List<StatusName> faults = faults();
        table.add("LAUNCH.EXTEND", READS,
                "ld_before imd_before page_type gpa pages page_data page_contents imi rmp_page_size vmpl1_mask vmpl2_mask vmpl3_mask",
                "ld imd ld_each contents_each page_info_each", success, "SEV-SNP Firmware ABI, section 8.17.2",
                LaunchOperations::extend);
        table.add("VMSA.BUILD", READS, "vmsa_layout vmm vcpu_sig eip sev_features", "vmsa vmsa_sha384", success,
                "AMD64 Architecture Programmer's Manual volume 2, appendix B", LaunchOperations::vmsa);
        table.add("VCPU.SIGNATURE", READS, "vcpu_type", "vcpu_sig",
                List.of(new StatusName("SUCCESS", 0), new StatusName("UNKNOWN", 1)),
                "CPUID specification, function 0000_0001", LaunchOperations::signature);
        table.add("HASHES.BUILD", READS, "kernel initrd append offset", "hash_table hash_page hash_page_sha384", faults,
                "OVMF, BlobVerifierSevHashes", LaunchOperations::hashes);
        table.add("FIRMWARE.PARSE", READS, "firmware",
                "found sections reset_eip hashes_gpa firmware_gpa firmware_sha256",
                faults, "OVMF, ResetVector", LaunchOperations::parse);
        table.add("LAUNCH.MEASURE", READS,
                "firmware mode vmm vcpus vcpu_sig sev_features has_kernel kernel initrd append",
                "digest", faults, "SEV-SNP Firmware ABI, section 8.17; SEV API, chapter 6", LaunchOperations::measure);
    }

    private static void fields(OperationTable table) {
        table.field("ld_before", 0, "launch digest so far, 48 bytes");
        table.field("imd_before", 0, "digest of the initial migration image so far, 48 bytes, or empty for zeroes");
        table.field("page_type", 3, "1 NORMAL, 2 VMSA, 3 ZERO, 4 UNMEASURED, 5 SECRETS, 6 CPUID");
        table.field("pages", 32, "number of pages of 4096 bytes, at gpa and after it");
        table.field("page_data", 0,
                "their bytes; needed for types whose content is measured, unless page_contents is given");
        table.field("page_contents", 0, "SHA-384 of each, instead of page_data; or empty");
        table.field("imi", 1, "1 for pages of the initial migration image");
        table.field("rmp_page_size", 1, "0 pages of 4K, 1 pages of 2M: each counts as its 512 pages of 4K");
        for (int vmpl = 1; vmpl <= 3; vmpl++) {
            table.field("vmpl" + vmpl + "_mask", 8, "permission mask of VMPL" + vmpl);
        }
        table.field("ld", 0, "launch digest, 48 bytes");
        table.field("imd", 0, "digest of the initial migration image, 48 bytes");
        table.field("ld_each", 0, "launch digest after each page, 48 bytes each");
        table.field("contents_each", 0, "contents field of each page, 48 bytes each");
        table.field("page_info_each", 0, "PAGE_INFO of each page, 112 bytes each");
        table.field("vmsa_layout", 1, "0 a vCPU that starts in firmware, 1 one that starts in an SVSM");
        table.field("vmm", 2, "0 QEMU, 1 EC2, 2 GCE");
        table.field("vcpu_type", 0, "name of a processor as QEMU has it, in ASCII");
        table.field("vcpu_sig", 32, "CPUID signature of the processor");
        table.field("eip", 32, "where the vCPU starts; 0xfffffff0 for the boot vCPU");
        table.field("sev_features", 64, "SEV features of the guest");
        table.field("vmsa", 0, "the register page, 4096 bytes");
        table.field("vmsa_sha384", 0, "SHA-384 of the register page as it is");
        table.field("kernel", 0, "the kernel's bytes");
        table.field("initrd", 0, "the initrd's bytes, empty for none");
        table.field("append", 0, "the command line's bytes without NUL, empty for none");
        table.field("offset", 12, "where in its page the table starts");
        table.field("hash_table", 0, "the table of hashes, 176 bytes");
        table.field("hash_page", 0, "the page that holds it, 4096 bytes");
        table.field("hash_page_sha384", 0, "SHA-384 of that page");
        table.field("firmware", 0, "the firmware image");
        table.field("found", 3, "bit 0: SEV metadata, bit 1: reset block, bit 2: place for kernel hashes");
        table.field("sections", 0, "of the SEV metadata: gpa, size and type of each, 8 bytes each, little-endian");
        table.field("reset_eip", 32, "where further vCPUs start; 0 if not found");
        table.field("hashes_gpa", 32, "where the table of hashes goes; 0 if not found");
        table.field("firmware_gpa", 32, "where the image lies");
        table.field("firmware_sha256", 0, "SHA-256 of the image");
        table.field("mode", 2, "0 SEV-SNP, 1 SEV-ES, 2 SEV");
        table.field("vcpus", 10, "number of vCPUs, 1 to 512");
        table.field("has_kernel", 1, "1 if there is a kernel");
        table.field("digest", 0, "the launch digest, 48 bytes for SEV-SNP, else 32");
    }

    private static List<StatusName> faults() {
        List<StatusName> names = new ArrayList<>();
        for (FirmwareFault fault : FirmwareFault.values()) {
            names.add(new StatusName(fault.name(), fault.status()));
        }
        return names;
    }

    private static long extend(OperationCall call) {
        byte[] imdBefore = call.inBytes(1);
        LaunchDigest digest = new LaunchDigest(call.inBytes(0),
                imdBefore.length == 0 ? new byte[LaunchDigest.SIZE] : imdBefore);
        int type = (int) call.in(2);
        int pages = pages(call, type);
        ByteArrayOutputStream lds = new ByteArrayOutputStream();
        ByteArrayOutputStream contents = new ByteArrayOutputStream();
        ByteArrayOutputStream infos = new ByteArrayOutputStream();
        for (int i = 0; i < pages; i++) {
            extend(call, digest, type, i);
            lds.writeBytes(digest.digest());
            contents.writeBytes(digest.contents());
            infos.writeBytes(digest.pageInfo());
        }
        call.outBytes(0, digest.digest());
        call.outBytes(1, digest.imd());
        call.outBytes(2, lds.toByteArray());
        call.outBytes(3, contents.toByteArray());
        call.outBytes(4, infos.toByteArray());
        return 0;
    }

    private static void extend(OperationCall call, LaunchDigest digest, int type, int page) {
        long gpa = call.in(3) + (long) page * Paging.PAGE_SIZE;
        boolean imi = call.in(7) != 0;
        int masks = (int) (call.in(9) | call.in(10) << 8 | call.in(11) << 16);
        byte[] contents = call.inBytes(6);
        if (PageType.isContentMeasured(type) && contents.length > 0) {
            digest.extendHashed(type, gpa, slice(contents, page, LaunchDigest.SIZE), imi, masks);
        } else {
            byte[] data = PageType.isContentMeasured(type)
                    ? slice(call.inBytes(5), page, (int) Paging.PAGE_SIZE)
                    : new byte[0];
            digest.extend(type, gpa, data, imi, masks);
        }
    }

    private static byte[] slice(byte[] all, int index, int size) {
        return Arrays.copyOfRange(all, index * size, (index + 1) * size);
    }

    private static int pages(OperationCall call, int type) {
        long pages = call.in(4);
        if (!PageType.isKnown(type)) {
            throw new IllegalArgumentException("page_type " + type + " is not known; legal: 1 to 6");
        }
        if (pages < 1 || pages > MAX_PAGES) {
            throw new IllegalArgumentException(pages + " pages; legal: 1 to " + MAX_PAGES);
        }
        if (!Paging.isPageAligned(call.in(3))) {
            throw new IllegalArgumentException("gpa 0x" + Long.toHexString(call.in(3)) + " is not a multiple of 4096");
        }
        if (call.in(8) != 0
                && (PageType.isSingle(type) || (pages | call.in(3) >>> Paging.PAGE_SHIFT) % PAGES_2M != 0)) {
            throw new IllegalArgumentException(pages + " pages of type " + PageType.nameOf(type) + " at gpa 0x"
                    + Long.toHexString(call.in(3)) + " are no pages of 2M");
        }
        long data = call.inBytes(5).length;
        long contents = call.inBytes(6).length;
        boolean enough = data == pages * Paging.PAGE_SIZE && contents == 0
                || data == 0 && contents == pages * LaunchDigest.SIZE;
        if (PageType.isContentMeasured(type) && !enough) {
            throw new IllegalArgumentException(
                    "page_data has " + data + " bytes and page_contents " + contents + " for "
                            + pages + " pages; legal is 4096 bytes a page, or 48 bytes a page");
        }
        return (int) pages;
    }

    private static long vmsa(OperationCall call) {
        Vmm vmm = one(Vmm.values(), call.in(1), "vmm");
        boolean isSvsm = call.in(0) % LAYOUTS == 1;
        byte[] page = isSvsm
                ? Vmsa.ofSvsm(call.in(3), call.in(2), call.in(4))
                : Vmsa.ofFirmware(vmm, call.in(3), call.in(2), call.in(4));
        call.outBytes(0, page);
        call.outBytes(1, Sha.sha384().digest(page));
        return 0;
    }

    private static long signature(OperationCall call) {
        Long signature = VcpuType.signatureOf(new String(call.inBytes(0), StandardCharsets.US_ASCII));
        if (signature == null) {
            return 1;
        }
        call.out(0, signature);
        return 0;
    }

    private static long hashes(OperationCall call) {
        byte[] table = HashTable.of(call.inBytes(0), call.inBytes(1), call.inBytes(2));
        try {
            byte[] page = HashTable.page(table, (int) call.in(3));
            call.outBytes(0, table);
            call.outBytes(1, page);
            call.outBytes(2, Sha.sha384().digest(page));
            return 0;
        } catch (FirmwareException e) {
            return e.fault().status();
        }
    }

    private static long parse(OperationCall call) {
        byte[] image = call.inBytes(0);
        try {
            Firmware firmware = new Firmware(MemorySegment.ofArray(image));
            int found = (firmware.hasMetadata() ? HAS_METADATA : 0) | (firmware.hasResetBlock() ? HAS_RESET_BLOCK : 0)
                    | (firmware.hashesBase() != 0 ? HAS_HASHES_TABLE : 0);
            byte[] sections = (found & HAS_METADATA) == 0 ? new byte[0] : bytes(firmware.sections());
            call.out(0, found);
            call.outBytes(1, sections);
            call.out(2, (found & HAS_RESET_BLOCK) == 0 ? 0 : firmware.resetEip());
            call.out(3, firmware.hashesBase());
            call.out(4, firmware.gpa());
            call.outBytes(5, Sha.sha256().digest(image));
            return 0;
        } catch (FirmwareException e) {
            return e.fault().status();
        }
    }

    private static byte[] bytes(List<Section> sections) {
        ByteBuffer bytes = ByteBuffer.allocate(sections.size() * SECTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        sections.forEach(section -> bytes.putLong(section.gpa()).putLong(section.size()).putLong(section.type()));
        return bytes.array();
    }

    private static long measure(OperationCall call) {
        MemorySegment image = MemorySegment.ofArray(call.inBytes(0));
        Mode mode = one(Mode.values(), call.in(1), "mode");
        Vmm vmm = one(Vmm.values(), call.in(2), "vmm");
        int vcpus = (int) call.in(3);
        if (vcpus < 1 || vcpus > MAX_VCPUS) {
            throw new IllegalArgumentException("vcpus " + vcpus + " is not legal; legal: 1 to " + MAX_VCPUS);
        }
        boolean hasKernel = call.in(6) != 0;
        byte[] table = hasKernel ? HashTable.of(call.inBytes(7), call.inBytes(8), call.inBytes(9)) : null;
        LaunchInputs inputs = new LaunchInputs(mode, vmm, vcpus, call.in(4), call.in(5)).hashTable(table);
        try {
            String digest = Measurement
                    .of(LaunchSteps.firmware(image, mode, vmm, hasKernel, PageOrder.VMM), image, inputs).digest();
            call.outBytes(0, HexFormat.of().parseHex(digest));
            return 0;
        } catch (FirmwareException e) {
            return e.fault().status();
        }
    }

    private static <E extends Enum<E>> E one(E[] all, long number, String name) {
        if (number < 0 || number >= all.length) {
            throw new IllegalArgumentException(
                    name.toLowerCase(Locale.ROOT) + " " + number + " is not known; legal: 0 to " + (all.length - 1));
        }
        return all[(int) number];
    }
}
