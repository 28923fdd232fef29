package org.enclosure.examples.guest;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;

/// Reads the image as private memory and takes its SHA-256. An image with the header of [ImageHeader] is checked against the
/// sums in it, by the guest itself.
public final class ImageCheck implements GuestProgram {
    private final MemoryMap map;
    private final MessageDigest whole = Digests.sha256();
    private final Findings findings = new Findings();

    /// Creates the program; it can be run once.
    public ImageCheck(MemoryMap map) {
        this.map = map;
    }

    @Override
    public void run(GuestCpu cpu) {
        byte[] page = new byte[(int) Paging.PAGE_SIZE];
        MessageDigest body = Digests.sha256();
        ImageHeader header = null;
        for (long offset = 0; offset < map.imageBytes(); offset += page.length) {
            cpu.read(cpu.address(map.image() + offset, true), page, 0, page.length);
            whole.update(page);
            if (offset == 0) {
                header = ImageHeader.read(page);
            } else {
                body.update(page);
            }
        }
        if (header != null) {
            check(header, body.digest());
        }
    }

    /// SHA-256 of the whole image as the guest sees it, in hex; asked once, after the run.
    public String digest() {
        return HexFormat.of().formatHex(whole.digest());
    }

    /// What went wrong.
    public Findings findings() {
        return findings;
    }

    private void check(ImageHeader header, byte[] body) {
        findings.check(header.imageBytes() == map.imageBytes(),
                "the image says that it has " + header.imageBytes() + " bytes and has " + map.imageBytes());
        findings.check(Arrays.equals(header.bodyDigest(), body),
                "the guest found the image's body different from the checksum in its header");
    }
}
