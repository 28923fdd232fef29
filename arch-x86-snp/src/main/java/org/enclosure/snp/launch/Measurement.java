package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;

/// Measures the steps of a launch. Used once.
abstract class Measurement {
    final LaunchInputs inputs;
    final byte[] page = new byte[(int) Paging.PAGE_SIZE];
    final List<String> transcript = new ArrayList<>();

    final MemorySegment image;

    Measurement(MemorySegment image, LaunchInputs inputs) {
        this.image = image;
        this.inputs = inputs;
    }

    /// Measures all steps.
    ///
    /// @throws IllegalArgumentException if an item is none of a plan for these inputs and this image
    static LaunchResult of(List<LaunchItem> items, MemorySegment image, LaunchInputs inputs) {
        Measurement measurement = inputs.mode() == Mode.SNP
                ? new ChainMeasurement(image, inputs)
                : new StreamMeasurement(image, inputs);
        boolean hasBoot = false;
        for (LaunchItem item : items) {
            if (item.kind() == LaunchItem.Kind.RANGE) {
                measurement.vcpus(item, hasBoot ? inputs.vcpus() - 1 : 1);
                hasBoot = true;
            } else {
                measurement.item(item);
            }
        }
        return measurement.result();
    }

    /// Measures one page of the image.
    abstract void imagePage(LaunchItem item);

    /// Measures one page that is in no image; its content is in [#page].
    abstract void page(LaunchItem item);

    /// Measures the page of one vCPU.
    abstract void vcpu(byte[] vmsa);

    abstract byte[] digest();

    abstract String algorithm();

    void line(String text) {
        transcript.add(text);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private LaunchResult result() {
        return new LaunchResult(algorithm(), hex(digest()), true, transcript);
    }

    private void item(LaunchItem item) {
        if (!PageType.isKnown(item.type()) || item.type() == PageType.VMSA) {
            throw new IllegalArgumentException(item + ": a page of type " + item.type() + " is no step of a launch");
        }
        if (item.imageOffset() >= 0) {
            checkInImage(item);
            if (inputs.seed() == null) {
                imagePage(item);
            }
            return;
        }
        Arrays.fill(page, (byte) 0);
        if (LaunchFlags.isHashes(item)) {
            byte[] table = inputs.hashTable();
            if (table == null) {
                throw new IllegalArgumentException(item + " holds the hashes of a kernel, and there is none");
            }
            System.arraycopy(table, 0, page, LaunchFlags.offset(item), table.length);
        }
        page(item);
    }

    private void checkInImage(LaunchItem item) {
        if (item.imageOffset() > image.byteSize() - Paging.PAGE_SIZE || !Paging.isPageAligned(item.imageOffset())) {
            throw new IllegalArgumentException(item + " is no page of the image of " + image.byteSize() + " bytes");
        }
        if (item.type() != PageType.NORMAL) {
            throw new IllegalArgumentException(item + ": a page of an image is loaded as type NORMAL");
        }
    }

    private void vcpus(LaunchItem item, int count) {
        if (item.type() != PageType.VMSA) {
            throw new IllegalArgumentException(item + ": the only ranges of a launch are its vCPUs");
        }
        byte[] vmsa = inputs.vmsa(LaunchFlags.eip(item));
        for (int i = 0; i < count; i++) {
            vcpu(vmsa);
        }
    }
}
