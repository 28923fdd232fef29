package org.enclosure.snp.transitions;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

import org.enclosure.snp.host.PscRunTest;
import org.enclosure.snp.launch.LaunchDigestTest;
import org.enclosure.tck.mutant.Killer;
import org.enclosure.tck.mutant.Mutant;
import org.enclosure.tck.mutant.MutantRun;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Mistakes that are put into the class files of the plugin, one at a time: each is caught by an assertion of the test that it names, a
/// row of the table or a class. A mutant that no longer applies fails, too.
class MutantsTest {
    private static final String PLUGIN = "org.enclosure.snp.";
    private static final String MACHINE = PLUGIN + "machine.";

    /// A mistake, and what finds it.
    private record Hunt(Mutant mutant, Killer killer) {
        static Hunt byRow(int row, Mutant mutant) {
            return new Hunt(mutant, classes -> run(classes, row));
        }

        static Hunt by(Class<?> test, Mutant mutant) {
            return new Hunt(mutant, Killer.ofTest(test));
        }

        private static void run(ClassLoader classes, int row) throws Throwable {
            Method killer = classes.loadClass(RmpTransitionsTest.class.getName()).getDeclaredMethod("runRow",
                    int.class);
            killer.setAccessible(true);
            try {
                killer.invoke(null, row);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    private static final List<Hunt> HUNTS = List.of(
            // RMPUPDATE: a new state that cannot be, immutable, in use, sizes, what is kept, what is left behind.
            Hunt.byRow(21, Mutant.answering(MACHINE + "HostInstructions", "isLegal", 1)),
            Hunt.byRow(19, condition("HostInstructions", "rmpupdate", 3)),
            Hunt.byRow(23, condition("HostInstructions", "updateSmall", 0)),
            Hunt.byRow(30, condition("HostInstructions", "updateSmall", 1)),
            Hunt.byRow(32, condition("HostInstructions", "updateSmall", 2)),
            Hunt.byRow(31, condition("HostInstructions", "updateLarge", 2)),
            Hunt.byRow(31, withoutCall("RmpRegion", "set", "count", 0)),
            Hunt.byRow(11, Mutant.constant(MACHINE + "HostInstructions", "commit", 0x6000_0000_0000_0000L, 0, 0)),
            Hunt.byRow(7, withoutCall("HostInstructions", "commit", "turn", 0)),
            // PSMASH: all 512 entries, the page in use.
            Hunt.byRow(35, withoutCall("HostInstructions", "smash", "set", 0)),
            Hunt.byRow(37, condition("HostInstructions", "psmash", 5)),
            // PVALIDATE: the validated bit, carry, who may, the sizes, the address inside of a 2M page.
            Hunt.byRow(41, withoutCall("GuestInstructions", "pvalidate", "set", 0)),
            Hunt.byRow(42, Mutant.constant(MACHINE + "GuestInstructions", "pvalidate", 0x100, 0, 0)),
            Hunt.byRow(53, condition("GuestInstructions", "refusal", 2)),
            Hunt.byRow(47, Mutant.constant(MACHINE + "GuestInstructions", "target", 6, 0, 0)),
            Hunt.byRow(48, condition("RmpTable", "gpa", 0)),
            Hunt.byRow(50, Mutant.answering(MACHINE + "AccessCheck", "mismatch", 0)),
            // RMPADJUST: permissions beyond one's own, VMSA by VMPL 0 alone.
            Hunt.byRow(58, Mutant.constant(MACHINE + "GuestInstructions", "adjust", 2, 2, 0)),
            Hunt.byRow(64, Mutant.constant(MACHINE + "GuestInstructions", "adjust", 0x2000_0000_0000_0000L, 0, 0)),
            // Accesses: sizes, validated, levels, immutable or assigned pages of others.
            Hunt.byRow(77, condition("AccessCheck", "guestPrivate", 2)),
            Hunt.byRow(78, Mutant.constant(MACHINE + "AccessCheck", "guestPrivate", 0x404, 0, 0x400)),
            Hunt.byRow(79, Mutant.answering(MACHINE + "AccessCheck", "permission", 0)),
            Hunt.byRow(71, Mutant.answering(MACHINE + "AccessCheck", "isHypervisor", 1)),
            // The firmware: reclaim, launch, swap, what a vCPU runs with.
            Hunt.byRow(102, withoutCall("FirmwarePages", "reclaim", "change", 0)),
            Hunt.byRow(107, Mutant.constant(MACHINE + "FirmwarePages", "reclaim", 5, 0, 12)),
            Hunt.byRow(100, Mutant.constant(MACHINE + "FirmwarePages", "check", 0x1c, 0, 0)),
            Hunt.byRow(90, withoutCall("SecureProcessor", "launchUpdate", "measure", 0)),
            Hunt.byRow(120, Mutant.constant(MACHINE + "SwapCommands", "restore", 0x0b, 0, 0)),
            Hunt.byRow(82, withoutCall("VcpuPages", "enter", "set", 0)),
            // The digest: its chain, what is not measured, the order of the permissions.
            Hunt.by(LaunchDigestTest.class, Mutant.withoutCall(PLUGIN + "launch.LaunchDigest", "chain", "digest", 1)),
            Hunt.by(LaunchDigestTest.class, Mutant.answering(PLUGIN + "launch.PageType", "isContentMeasured", 0)),
            Hunt.by(LaunchDigestTest.class, Mutant.constant(PLUGIN + "launch.PageInfo", "describe", 8, 0, 0)),
            // Page state change: the header, cur_entry, pages of another size, refusals.
            Hunt.by(PscRunTest.class, Mutant.answering(PLUGIN + "wire.PscEntry", "capacity", 254)),
            Hunt.by(PscRunTest.class, Mutant.withoutCall(PLUGIN + "host.PscRun", "advance", "putByte", 0)),
            Hunt.by(PscRunTest.class, Mutant.condition(PLUGIN + "host.PscRun", "gather", 0)),
            Hunt.by(PscRunTest.class, Mutant.answering(PLUGIN + "wire.PscEntry", "pages", 1)),
            Hunt.by(PscRunTest.class,
                    Mutant.constant(PLUGIN + "host.PscRun", "answered", 0x100_0000_0000L, 0, 0)));

    @TestFactory
    Stream<DynamicTest> everyMutantShouldBeCaught() {
        return HUNTS.stream()
                .flatMap(hunt -> new MutantRun(hunt.killer, PLUGIN).tests(List.of(hunt.mutant)));
    }

    private static Mutant withoutCall(String type, String method, String called, int number) {
        return Mutant.withoutCall(MACHINE + type, method, called, number);
    }

    private static Mutant condition(String type, String method, int number) {
        return Mutant.condition(MACHINE + type, method, number);
    }
}
