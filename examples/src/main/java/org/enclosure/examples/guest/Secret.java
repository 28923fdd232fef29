package org.enclosure.examples.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;

/// What the guest keeps in a few private pages, in versions: the bytes depend on seed, page and version, so that old bytes can
/// be told from new and from another page's.
///
/// @param gpa first page
/// @param pages how many
/// @param seed where the bytes come from
/// @param version which version the guest wrote last
public record Secret(long gpa, int pages, long seed, int version) {
    /// What a reader found at the place of a secret.
    public enum Sight {
        /// The version that was written last.
        OWN,
        /// An earlier version.
        OLD,
        /// Nothing but zeroes.
        ZEROES,
        /// Something else.
        OTHER
    }

    /// The next version of the same pages.
    public Secret next() {
        return new Secret(gpa, pages, seed, version + 1);
    }

    /// The bytes of one page.
    public byte[] page(int index) {
        return page(index, version);
    }

    /// Writes this version to private memory.
    public void write(GuestCpu cpu) {
        for (int index = 0; index < pages; index++) {
            byte[] page = page(index);
            cpu.write(cpu.address(gpa + index * Paging.PAGE_SIZE, true), page, 0, page.length);
        }
    }

    /// Reads the pages as private memory and says what is there; what is not the same on all pages is [Sight#OTHER].
    public Sight look(GuestCpu cpu) {
        byte[] page = new byte[(int) Paging.PAGE_SIZE];
        Sight all = null;
        for (int index = 0; index < pages; index++) {
            cpu.read(cpu.address(gpa + index * Paging.PAGE_SIZE, true), page, 0, page.length);
            Sight sight = judge(index, page);
            all = all == null || all == sight ? sight : Sight.OTHER;
        }
        return all == null ? Sight.OTHER : all;
    }

    /// What the bytes of one page are.
    public Sight judge(int index, byte[] page) {
        if (Arrays.equals(page, page(index))) {
            return Sight.OWN;
        }
        for (int earlier = 0; earlier < version; earlier++) {
            if (Arrays.equals(page, page(index, earlier))) {
                return Sight.OLD;
            }
        }
        return Arrays.equals(page, new byte[page.length]) ? Sight.ZEROES : Sight.OTHER;
    }

    /// Whether a word that lies at an offset of one page is the guest's, of any version so far.
    public boolean reveals(int index, int offset, long word) {
        for (int of = 0; of <= version; of++) {
            if (word(index, of, offset) == word) {
                return true;
            }
        }
        return false;
    }

    private byte[] page(int index, int of) {
        ByteBuffer bytes = ByteBuffer.allocate((int) Paging.PAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putLong(word(index, of, bytes.position()));
        }
        return bytes.array();
    }

    private long word(int index, int of, int offset) {
        return Pattern.word(Pattern.word(seed, of), gpa + index * Paging.PAGE_SIZE + offset);
    }
}
