package org.enclosure.examples.attack;

import java.util.Set;
import java.util.TreeSet;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAccessException;

/// How far the host gets, in words. Where it gets different things from different words of memory, all are listed.
final class HostReach {
    /// The host got bytes of the guest.
    static final String PLAINTEXT = "plaintext";
    /// The host got bytes that are not the guest's.
    static final String OTHER_BYTES = "other bytes";
    /// The host was let through.
    static final String NO_ERROR = "no error";

    private HostReach() {
    }

    /// Tries every word of the secret's pages.
    static String everyWord(AttackScene scene, Tally tally, WordAccess access) {
        Set<String> got = new TreeSet<>();
        for (int page = 0; page < scene.pages(); page++) {
            for (int offset = 0; offset < Paging.PAGE_SIZE; offset += Long.BYTES) {
                tally.count();
                got.add(tryWord(access, page, offset));
            }
        }
        return String.join(" and ", got);
    }

    /// Makes one call.
    ///
    /// @return [#NO_ERROR], or the error number
    static String call(Tally tally, Runnable call) {
        tally.count();
        try {
            call.run();
            return NO_ERROR;
        } catch (GuestMemoryException e) {
            return e.errno().toString();
        }
    }

    /// What a word means that the host has read.
    static String judge(AttackScene scene, int page, int offset, long word) {
        return scene.secret().reveals(page, offset, word) ? PLAINTEXT : OTHER_BYTES;
    }

    private static String tryWord(WordAccess access, int page, int offset) {
        try {
            return access.at(page, offset);
        } catch (HostAccessException e) {
            return e.signal().toString();
        }
    }

    /// One access to a word of the secret.
    @FunctionalInterface
    interface WordAccess {
        /// Makes the access.
        ///
        /// @return what the host got
        String at(int page, int offset);
    }
}
