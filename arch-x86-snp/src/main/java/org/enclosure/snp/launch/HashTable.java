package org.enclosure.snp.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.enclosure.api.Paging;

/// The table of hashes by which the firmware checks a kernel that it did not bring along.
///
/// ```
///   0  16  GUID of the table
///  16   2  length of the table without padding, 168
///  18  50  command line   { GUID 16, length 50, SHA-256 32 }
///  68  50  initrd         the same
/// 118  50  kernel         the same
/// 168   8  zero
/// ```
///
/// The command line is hashed with a trailing NUL, also when there is none; an absent initrd is an empty one (the layout that QEMU
/// and OVMF share: sev_add_kernel_loader_hashes, BlobVerifierSevHashes).
public final class HashTable {
    /// Bytes of the table with its padding.
    public static final int SIZE = 176;

    private static final int LENGTH = 168;
    private static final int ENTRY_LENGTH = 50;
    private static final int COMMAND_LINE_HASH = 36;
    private static final int INITRD_HASH = COMMAND_LINE_HASH + ENTRY_LENGTH;
    private static final byte[] TABLE = Guid.bytes("9438d606-4f22-4cc9-b479-a793d411fd21");
    private static final byte[] COMMAND_LINE = Guid.bytes("97d02dd8-bd20-4c94-aa78-e7714d36ab2a");
    private static final byte[] INITRD = Guid.bytes("44baf731-3a2f-4bd7-9af1-41e29169781d");
    private static final byte[] KERNEL = Guid.bytes("4de79437-abd2-427f-b835-d5b172d2045b");

    private HashTable() {
    }

    /// Builds the table.
    ///
    /// @param kernel the kernel's bytes
    /// @param initrd the initrd's bytes, empty for none
    /// @param append the command line's bytes without NUL, empty for none
    /// @return 176 bytes
    public static byte[] of(byte[] kernel, byte[] initrd, byte[] append) {
        return ofHashes(Sha.sha256().digest(kernel), Sha.sha256().digest(initrd), hashOfCommandLine(append));
    }

    /// Builds the table from the SHA-256 of the three parts.
    static byte[] ofHashes(byte[] kernel, byte[] initrd, byte[] append) {
        ByteBuffer table = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        table.put(TABLE).putShort((short) LENGTH);
        entry(table, COMMAND_LINE, append);
        entry(table, INITRD, initrd);
        entry(table, KERNEL, kernel);
        return table.array();
    }

    /// The same table with another command line.
    static byte[] withCommandLine(byte[] table, byte[] append) {
        return with(table, COMMAND_LINE_HASH, hashOfCommandLine(append));
    }

    /// The same table without initrd.
    static byte[] withoutInitrd(byte[] table) {
        return with(table, INITRD_HASH, Sha.sha256().digest());
    }

    private static byte[] with(byte[] table, int offset, byte[] hash) {
        byte[] other = table.clone();
        System.arraycopy(hash, 0, other, offset, hash.length);
        return other;
    }

    static byte[] hashOfCommandLine(byte[] append) {
        return Sha.sha256().digest(Arrays.copyOf(append, append.length + 1));
    }

    /// The page that holds the table, zero around it.
    ///
    /// @param table what [#of] gave
    /// @param offset where in the page it starts
    /// @throws IllegalArgumentException if it does not fit there
    public static byte[] page(byte[] table, int offset) {
        if (offset < 0 || offset > Paging.PAGE_SIZE - SIZE) {
            throw new FirmwareException(FirmwareFault.HASHES_AREA, "the table of " + SIZE + " bytes at offset 0x"
                    + Integer.toHexString(offset) + " would pass the end of its page");
        }
        byte[] page = new byte[(int) Paging.PAGE_SIZE];
        System.arraycopy(table, 0, page, offset, SIZE);
        return page;
    }

    private static void entry(ByteBuffer table, byte[] guid, byte[] hash) {
        table.put(guid).putShort((short) ENTRY_LENGTH).put(hash);
    }
}
