package org.enclosure.core.mem;

import java.lang.foreign.MemorySegment;
import java.util.Locale;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;

/// The native calls of the project, all of them, each with a way to do without.
///
/// | call | native (64-bit Linux on x86 and Arm) | without |
/// |---|---|---|
/// | reserve memory, commit it at first touch | `mmap` of anonymous memory, NORESERVE | a mapped sparse temporary file |
/// | give committed memory back | `madvise(MADV_DONTNEED)` | zero it, it stays committed |
/// | ask for huge or small pages | `madvise` | nothing |
/// | barrier in all threads | `membarrier` (x86-64) | [AccessOrder] is symmetric |
/// | see all memory by address | one segment over all of it | look the segment up ([Raw#BOUNDED]) |
///
/// An embedder passes `--enable-native-access=org.enclosure.core` (`ALL-UNNAMED` on the class path). Where native access
/// is refused, or the system property `enclosure.native` is `off`, no restricted method is called and everything works by
/// the right-hand column, slower; [#notice()] says why. Any other value than `auto` and `off` is refused when this class
/// is loaded.
///
/// Any thread; no call allocates, except when memory is reserved.
public final class NativeCalls {
    private static final String PROPERTY = "enclosure.native";
    private static final Setup SETUP = Setup.probe(System.getProperty(PROPERTY, "auto"));
    private static final boolean LIBC = SETUP.libc;

    private NativeCalls() {
    }

    /// What is in force, in one line for people.
    public static String describe() {
        return LIBC
                ? "native: memory by mmap, given back by madvise"
                : "fallback: memory by a mapped temporary file in " + System.getProperty("java.io.tmpdir")
                        + ", never given back before the host is closed";
    }

    /// Why the native calls are not in force, to be shown to the user once; empty where they are, or were switched off.
    public static String notice() {
        return SETUP.notice;
    }

    /// Whether [#giveBack(long, long)] really lowers the memory that this process has committed.
    public static boolean givesBack() {
        return LIBC;
    }

    /// Makes a range read as zeroes, and gives its memory back to the operating system where that is possible.
    ///
    /// @param address start, a multiple of 4096, inside one live reservation
    /// @param bytes a multiple of 4096
    /// @return whether the memory was given back; if not, it was zeroed
    public static boolean giveBack(long address, long bytes) {
        if (LIBC && LinuxCalls.madvise(address, bytes, LinuxCalls.MADV_DONTNEED) == 0) {
            return true;
        }
        Raw.zero(address, bytes);
        return false;
    }

    /// Asks for 2M pages in a range of a reservation; a refusal changes speed alone.
    static void adviseHuge(long address, long bytes) {
        if (LIBC) {
            LinuxCalls.madvise(address, bytes, LinuxCalls.MADV_HUGEPAGE);
        }
    }

    /// Asks for 4K pages only: sparse tables must not commit 2M for the first word that is written.
    static void adviseSmall(long address, long bytes) {
        if (LIBC) {
            LinuxCalls.madvise(address, bytes, LinuxCalls.MADV_NOHUGEPAGE);
        }
    }

    /// All memory of this process as one segment, or an empty one where that is refused.
    static MemorySegment wholeMemory() {
        return SETUP.whole;
    }

    /// Registers this process for [#barrier()].
    ///
    /// @return what stands in the way, or an empty string
    static String registerBarrier() {
        if (!LIBC) {
            return "native calls are not in force";
        }
        if (!Setup.isX86()) {
            return "the barrier is used on x86-64 alone, this is " + Setup.platform();
        }
        return LinuxCalls.membarrier(LinuxCalls.MEMBARRIER_REGISTER_PRIVATE_EXPEDITED) == 0
                ? ""
                : "the kernel refused to register for membarrier PRIVATE_EXPEDITED";
    }

    /// A full memory barrier in every running thread of this process. Needs a successful [#registerBarrier()].
    static void barrier() {
        if (LinuxCalls.membarrier(LinuxCalls.MEMBARRIER_PRIVATE_EXPEDITED) != 0) {
            throw new AssertionError("membarrier PRIVATE_EXPEDITED failed after it was registered");
        }
    }

    /// What this process may call, found out once.
    private record Setup(MemorySegment whole, boolean libc, String notice) {
        static Setup probe(String wanted) {
            if (wanted.equals("off")) {
                return new Setup(MemorySegment.NULL, false, "");
            }
            if (!wanted.equals("auto")) {
                throw new GuestMemoryException(Errno.EINVAL,
                        "system property " + PROPERTY + "=" + wanted + "; legal is auto or off");
            }
            try {
                return withWholeMemory(MemorySegment.NULL.reinterpret(Long.MAX_VALUE));
            } catch (IllegalCallerException e) {
                return new Setup(MemorySegment.NULL, false,
                        "native access is refused to " + NativeCalls.class.getModule()
                                + ", memory is slower: start Java with --enable-native-access=org.enclosure.core"
                                + " (ALL-UNNAMED on the class path)");
            }
        }

        private static Setup withWholeMemory(MemorySegment whole) {
            if (!isLinux()) {
                return new Setup(whole, false, "no native calls are known for " + platform());
            }
            try {
                LinuxCalls.load();
                return new Setup(whole, true, "");
            } catch (LinkageError e) {
                return new Setup(whole, false, "the C library cannot be called: " + e);
            }
        }

        private static boolean isLinux() {
            boolean known = isX86() || System.getProperty("os.arch").equals("aarch64");
            return known && System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux");
        }

        static boolean isX86() {
            return System.getProperty("os.arch").equals("amd64");
        }

        static String platform() {
            return System.getProperty("os.name") + " " + System.getProperty("os.arch");
        }
    }
}
