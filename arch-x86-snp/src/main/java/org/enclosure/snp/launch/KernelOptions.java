package org.enclosure.snp.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

import org.enclosure.spi.OptionValues;
import org.jspecify.annotations.Nullable;

/// The options about a kernel that is measured by its hashes: its files, or the table that was made of them.
final class KernelOptions {
    static final String KERNEL = "kernel";
    static final String INITRD = "initrd";
    static final String APPEND = "append";
    static final String TABLE = "kernel-hashes";
    static final Set<String> NAMES = Set.of(KERNEL, INITRD, APPEND, TABLE);

    private KernelOptions() {
    }

    /// Refuses options that contradict each other.
    static void check(Map<String, String> options) {
        for (String name : new String[] {INITRD, APPEND}) {
            if (options.containsKey(name) && !options.containsKey(KERNEL)) {
                throw new IllegalArgumentException("option " + name + "=" + options.get(name)
                        + " goes with a kernel only; legal: none, or option kernel as well");
            }
        }
        String table = options.get(TABLE);
        if (table == null) {
            return;
        }
        if (options.containsKey(KERNEL)) {
            throw new IllegalArgumentException("option kernel-hashes=" + table + " and option kernel="
                    + options.get(KERNEL) + " say the same thing; legal is one of them");
        }
        if (!table.matches("[0-9a-fA-F]{" + 2 * HashTable.SIZE + "}")) {
            throw OptionValues.illegal(options, TABLE, 2 * HashTable.SIZE + " hex digits");
        }
    }

    static boolean isPresent(Map<String, String> options) {
        return options.containsKey(KERNEL) || options.containsKey(TABLE);
    }

    /// The table, or null without kernel. Reads the files.
    ///
    /// @throws IllegalArgumentException if a file cannot be read
    static byte @Nullable [] table(Map<String, String> options) {
        String table = options.get(TABLE);
        if (table != null) {
            return HexFormat.of().parseHex(table);
        }
        if (!options.containsKey(KERNEL)) {
            return null;
        }
        byte[] initrd = options.containsKey(INITRD) ? sha256(options, INITRD) : Sha.sha256().digest();
        return HashTable.ofHashes(sha256(options, KERNEL), initrd, HashTable.hashOfCommandLine(append(options)));
    }

    private static byte[] append(Map<String, String> options) {
        return options.getOrDefault(APPEND, "").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sha256(Map<String, String> options, String name) {
        String path = options.getOrDefault(name, "");
        try {
            return FileHash.sha256(Path.of(path));
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("option " + name + "=" + path + " cannot be read: " + e, e);
        }
    }
}
