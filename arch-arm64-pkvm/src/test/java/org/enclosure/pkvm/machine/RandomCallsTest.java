package org.enclosure.pkvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.HypPage;
import org.enclosure.pkvm.wire.PageState;
import org.enclosure.pkvm.wire.Smccc;
import org.enclosure.spi.OperationCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random calls of a hostile host and of hostile guests: whatever is called, the tables stay true, and nothing throws. A seed is
/// printed and taken back by `-Denclosure.seed`.
class RandomCallsTest {
    private static final int PAGES = 12;
    private static final int GFNS = 6;
    private static final long GFN = 0x77_0000;
    private static final int CALLS = 60_000;
    /// Poisoned pages stay so: now and then a new machine is needed.
    private static final int MACHINE_LIFE = 2_000;
    private static final int AT_ONCE = 200_000;
    private static final long PA = BareEl2.FREE;
    /// The call that a host must not make of a page which it shares with somebody else ([HostCalls#hostUnshareFfa]).
    private static final String UNSAFE = "HYP.HOST_UNSHARE_FFA";

    private static long seed(String test) {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        System.out.println("pkvm " + test + ": seed " + seed + "; again with -Denclosure.seed=" + seed);
        return seed;
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void shouldKeepTheTablesTrueWhateverIsCalled(Profile profile) {
        long seed = seed("calls " + profile);
        SplittableRandom random = new SplittableRandom(seed);
        BareEl2 machine = new BareEl2(profile);
        long[] vms = vms(machine, profile);
        Invariants invariants = new Invariants(machine, vms, GFN, GFNS);
        Map<String, Integer> histogram = new TreeMap<>();
        for (int i = 0; i < CALLS; i++) {
            if (i % MACHINE_LIFE == 0) {
                machine = new BareEl2(profile);
                vms = vms(machine, profile);
                invariants = new Invariants(machine, vms, GFN, GFNS);
            }
            String what = step(machine, vms, random);
            histogram.merge(what, 1, Integer::sum);
            invariants.check(PA, PAGES, "after " + what + ", call " + i + ", seed " + seed);
        }
        long good = histogram.entrySet().stream().filter(entry -> entry.getKey().endsWith(" 0"))
                .mapToLong(Map.Entry::getValue).sum();
        assertTrue(good > CALLS / 30, () -> "too few calls succeed: " + histogram);
    }

    @Test
    void shouldSeeEveryAnswerInTheUnion() {
        SplittableRandom random = new SplittableRandom(4711);
        BareEl2 machine = new BareEl2(Profile.UNION);
        long[] vms = vms(machine, Profile.UNION);
        java.util.Set<String> answers = new java.util.TreeSet<>();
        for (int i = 0; i < CALLS; i++) {
            answers.add(step(machine, vms, random));
        }
        for (String expected : List.of("HYP.HOST_DONATE_GUEST 0", "HYP.HOST_DONATE_GUEST -EPERM", "HYP.FORCE_RECLAIM 0",
                "HYP.FORCE_RECLAIM -EAGAIN", "HYP.FORCE_RECLAIM -EPERM", "HYP.GUEST_SHARE_HOST -EHWPOISON",
                "HYP.GUEST_SHARE_HOST 0", "HYP.GUEST_UNSHARE_HOST 0", "HYP.GUEST_RELINQUISH 0",
                "HYP.HOST_UNSHARE_HYP -EBUSY", "HYP.HOST_SHARE_GUEST 0", "HYP.HOST_UNSHARE_GUEST 0",
                "HYP.HOST_UNSHARE_GUEST -ENOENT", "HYP.HYP_DONATE_HOST 0", "HYP.HOST_SHARE_FFA 0")) {
            assertTrue(answers.contains(expected), () -> expected + " is not among " + answers);
        }
    }

    @Test
    void shouldKeepTheTablesTrueUnderManyThreads() throws Exception {
        long seed = seed("threads");
        BareEl2 machine = new BareEl2(Profile.UNION);
        long[] vms = vms(machine, Profile.UNION);
        List<Callable<Boolean>> threads = new ArrayList<>();
        for (int thread = 0; thread < 3; thread++) {
            SplittableRandom random = new SplittableRandom(seed + thread);
            threads.add(() -> {
                for (int i = 0; i < AT_ONCE / 3; i++) {
                    String name = NAMES.get(random.nextInt(NAMES.size()));
                    step(machine, vms[random.nextInt(vms.length)], PA + random.nextInt(PAGES) * Paging.PAGE_SIZE,
                            GFN + random.nextInt(GFNS), name.equals(UNSAFE) ? "HYP.HOST_SHARE_HYP" : name, random);
                }
                return true;
            });
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(threads.size())) {
            for (Future<Boolean> end : pool.invokeAll(threads)) {
                assertTrue(end.get());
            }
        }
        new Invariants(machine, vms, GFN, GFNS).check(PA, PAGES, "seed " + seed);
    }

    @ParameterizedTest
    @EnumSource(value = Profile.class, names = {"V7_1", "ANDROID16", "UNION"})
    void shouldAnswerAnyRegistersOfAGuest(Profile profile) {
        long seed = seed("registers " + profile);
        SplittableRandom random = new SplittableRandom(seed);
        BareEl2 machine = new BareEl2(profile);
        long[] vms = vms(machine, profile);
        Invariants invariants = new Invariants(machine, vms, GFN, GFNS);
        for (int i = 0; i < CALLS; i++) {
            step(machine, vms, random);
            long[] registers = {vms[1 + random.nextInt(2)], function(random), ipa(random), word(random), word(random)};
            OperationCall call = machine.invoke("GUEST.HVC", 0, registers);
            String text = java.util.Arrays.toString(registers) + ", seed " + seed;
            if (call.out(4) == 0) {
                assertEquals(registers[1], call.out(0), "an HVC that does not return leaves the registers: " + text);
                assertEquals(-4, call.out(8), text);
            } else
                if ((registers[1] & 0xffff_ffffL) != (Smccc.CALL_UID & 0xffff_ffffL)
                        && (registers[1] & 0xffff_ffffL) != (Smccc.FEATURES & 0xffff_ffffL)) {
                            long r0 = call.out(0);
                            assertTrue(r0 == 0 || r0 == -1 || r0 == -3 || r0 == Paging.PAGE_SIZE,
                                    "R0 " + r0 + " of " + text);
                        }
            if ((i & 15) == 0) {
                invariants.check(PA, PAGES, text);
            }
        }
    }

    private static long[] vms(BareEl2 machine, Profile profile) {
        long first = machine.vm(false, 3);
        return profile.isProtecting() ? new long[] {first, machine.vm(true, 3), machine.vm(true, 3)}
                : new long[] {first, machine.vm(false, 3)};
    }

    private static String step(BareEl2 machine, long[] vms, SplittableRandom random) {
        long vm = vms[random.nextInt(vms.length)];
        long pa = PA + random.nextInt(PAGES) * Paging.PAGE_SIZE;
        long gfn = GFN + random.nextInt(GFNS);
        return step(machine, vm, pa, gfn, NAMES.get(random.nextInt(NAMES.size())), random);
    }

    private static String step(BareEl2 machine, long vm, long pa, long gfn, String name, SplittableRandom random) {
        long answer = switch (name) {
            case "HYP.HOST_SHARE_GUEST" -> machine.call(name, vm, pa, gfn, 1, 1 + random.nextInt(7));
            case "HYP.HOST_UNSHARE_GUEST" -> machine.call(name, vm, gfn, 1);
            case "HYP.HOST_DONATE_GUEST" -> machine.call(name, vm, pa, gfn);
            case "HYP.RECLAIM_GUEST_PAGE" -> machine.call(name, vm, gfn, pa);
            case "HYP.GUEST_SHARE_HOST", "HYP.GUEST_UNSHARE_HOST", "HYP.GUEST_RELINQUISH", "HYP.HOST_WRPROTECT_GUEST" ->
                machine.call(name, vm, gfn);
            case UNSAFE -> isSafe(machine, pa) ? machine.call(name, pa) : HypErrno.EPERM;
            case "HOST.ACCESS" -> machine.call(name, pa, random.nextInt(2), random.nextInt(2));
            default -> machine.call(name, pa);
        };
        return name + " " + HypErrno.name(answer);
    }

    private static final List<String> NAMES = List.of("HYP.HOST_SHARE_HYP", "HYP.HOST_UNSHARE_HYP",
            "HYP.HOST_DONATE_HYP", "HYP.HYP_DONATE_HOST", "HYP.HYP_PIN_SHARED_MEM", "HYP.HYP_UNPIN_SHARED_MEM",
            "HYP.HOST_SHARE_FFA", "HYP.HOST_SHARE_GUEST", "HYP.HOST_UNSHARE_GUEST", "HYP.HOST_UNSHARE_GUEST",
            "HYP.HOST_DONATE_GUEST", "HYP.HOST_DONATE_GUEST", "HYP.RECLAIM_GUEST_PAGE", "HYP.GUEST_SHARE_HOST",
            "HYP.GUEST_UNSHARE_HOST", "HYP.GUEST_RELINQUISH", "HYP.HOST_WRPROTECT_GUEST", "HYP.FORCE_RECLAIM",
            "HYP.HYP_UNPIN_SHARED_MEM", "HYP.HYP_DONATE_HOST", "HYP.HOST_UNSHARE_HYP", UNSAFE, "HOST.ACCESS");

    /// Whether the host shares a page with the secure world, if at all.
    private static boolean isSafe(BareEl2 machine, long pa) {
        long word = machine.el2.inspection().page(pa >>> Paging.PAGE_SHIFT);
        return HypPage.shares(word) == 0 && HypPage.hyp(word) == PageState.NOPAGE;
    }

    private static long function(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextLong();
            case 1 -> 0x8600_ff01L;
            case 2 -> 0x8600_0000L;
            default -> (long) random.nextInt() << 32 | 0xc600_0000L | random.nextInt(12);
        };
    }

    private static long ipa(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextLong();
            case 1 -> (1L << 48) - Paging.PAGE_SIZE * random.nextInt(2);
            default -> (GFN + random.nextInt(GFNS + 1)) * Paging.PAGE_SIZE;
        };
    }

    private static long word(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(5);
            default -> 0;
        };
    }
}
