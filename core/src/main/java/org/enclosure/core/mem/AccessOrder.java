package org.enclosure.core.mem;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;

/// Which side pays for the order between a vCPU's access mark and the generation of its translations.
///
/// - *Symmetric*: mark and generation are volatile. Correct by the Java memory model, everywhere.
/// - *Asymmetric*: mark and generation are opaque, the mark is cleared by a release store, and whoever takes memory away
///   calls [#barrier()] between its store to the generation and its look at the marks. About 4 ns cheaper per access. It
///   leans on HotSpot, which does not reorder opaque accesses (the Java memory model does not promise that), on the store
///   order of x86, and on `membarrier`.
///
/// Chosen once, by the system property `enclosure.access.order`: `auto` (default: asymmetric where Linux on x86-64, HotSpot
/// and `membarrier` come together), `asymmetric` or `symmetric`. An unknown value, or `asymmetric` where it cannot be,
/// makes loading this class fail with an [ExceptionInInitializerError] whose cause is a [GuestMemoryException] (EINVAL).
public final class AccessOrder {
    /// Whether the asymmetric order is in force.
    public static final boolean ASYMMETRIC;

    private static final String PROPERTY = "enclosure.access.order";
    private static final String OBSTACLE;

    static {
        String wanted = System.getProperty(PROPERTY, "auto");
        OBSTACLE = wanted.equals("symmetric") ? "asked for" : obstacle();
        ASYMMETRIC = choose(wanted, OBSTACLE);
    }

    private AccessOrder() {
    }

    /// Makes every memory access of this thread before the call visible to all threads of the process, and theirs to this
    /// thread. Costs 0.5 to 14 us. Does nothing in the symmetric order, where the accesses themselves see to it.
    ///
    /// Any thread, outside every mark; allocates nothing.
    public static void barrier() {
        if (ASYMMETRIC) {
            NativeCalls.barrier();
        }
    }

    /// The order in force and why, in one line for people.
    public static String describe() {
        return ASYMMETRIC ? "asymmetric: opaque marks, membarrier" : "symmetric: volatile marks (" + OBSTACLE + ")";
    }

    /// Decides.
    ///
    /// @param wanted value of the property
    /// @param obstacle what stands in the way of the asymmetric order; empty if nothing does
    static boolean choose(String wanted, String obstacle) {
        return switch (wanted) {
            case "auto" -> obstacle.isEmpty();
            case "symmetric" -> false;
            case "asymmetric" -> {
                if (!obstacle.isEmpty()) {
                    throw new GuestMemoryException(Errno.EINVAL,
                            "system property " + PROPERTY + "=asymmetric is impossible here: " + obstacle);
                }
                yield true;
            }
            default -> throw new GuestMemoryException(Errno.EINVAL,
                    "system property " + PROPERTY + "=" + wanted + "; legal is auto, asymmetric or symmetric");
        };
    }

    private static String obstacle() {
        String vm = System.getProperty("java.vm.name", "");
        return isHotSpot(vm, System.getProperty("java.vm.version", ""))
                ? NativeCalls.registerBarrier()
                : "it leans on HotSpot and its own compilers, this is " + vm;
    }

    /// OpenJDK builds call themselves "OpenJDK 64-Bit Server VM"; a build with another compiler has jvmci in its version.
    static boolean isHotSpot(String name, String version) {
        boolean own = name.contains("HotSpot") || name.startsWith("OpenJDK ") && name.endsWith("VM");
        return own && !version.contains("jvmci");
    }
}
