package org.enclosure.tck.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;
import java.util.TreeSet;

import org.enclosure.spi.VmType;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.tck.scenario.Actor;
import org.enclosure.tck.scenario.Scenario;

/// Whole stories of guests and hosts with the oracle behind every step: what each page is, whose its frame is, and what
/// stands in it.
public abstract class ScenarioContract extends TypeContract {
    private static final int PAGES = 24;
    private static final int FIRST = 1;
    /// The pages below the image: 2M.
    private static final int REGION = 512;
    private static final int LOWER = REGION - FIRST;
    /// The pages above it start here, and are as many: 4M.
    private static final int UPPER = 1024;
    private static final long SMALL = 16L << 20;
    private static final String NOT_TAKEN = "the host cannot take a guest's pages";
    private static final String NOT_GOING_ON = "its guests do not go on when the host has taken what they have";

    /// Creates the contract of a plugin.
    protected ScenarioContract(Plugin plugin) {
        super(plugin);
    }

    @EachType
    void aBufferGoesToTheHostAndComesBack(VmType type) {
        try (Scenario scenario = new Scenario(plugin(), type)) {
            Actor vm = scenario.vm("A").accept(FIRST, PAGES).write(FIRST, PAGES);
            for (int round = 0; round < 3; round++) {
                vm.share(FIRST + 4, 4).write(FIRST + 4, 4).hostWrite(FIRST, PAGES).read(FIRST, PAGES);
                vm.unshare(FIRST + 4, 4).hostWrite(FIRST, PAGES).write(FIRST + 4, 4).read(FIRST, PAGES);
            }
        }
    }

    @EachType
    void pagesChangeOneByOneInBothDirections(VmType type) {
        try (Scenario scenario = new Scenario(plugin(), type)) {
            Actor vm = scenario.vm("A").accept(FIRST, PAGES).write(FIRST, PAGES);
            for (int page = FIRST; page < FIRST + PAGES; page += 2) {
                vm.share(page, 1).hostWrite(page, 1);
            }
            vm.read(FIRST, PAGES);
            for (int page = FIRST + PAGES - 2; page >= FIRST; page -= 4) {
                vm.unshare(page, 1).write(page, 1);
            }
            vm.read(FIRST, PAGES);
        }
    }

    @EachType
    void aHoleInWhatIsSharedGivesZeroes(VmType type) {
        try (Scenario scenario = new Scenario(plugin(), type)) {
            Actor vm = scenario.vm("A").accept(FIRST, PAGES).write(FIRST, PAGES).share(FIRST + 2, 6)
                    .hostWrite(FIRST + 2, 6);
            assumeTrue(vm.punch(FIRST + 3, 3), NOT_TAKEN);
            vm.read(FIRST, PAGES).unshare(FIRST + 2, 6).write(FIRST + 2, 6).read(FIRST, PAGES);
        }
    }

    @EachType
    void aHoleInWhatIsPrivateGivesZeroes(VmType type) {
        assumeTrue(!plugin().guestsAlone(), NOT_GOING_ON);
        try (Scenario scenario = new Scenario(plugin(), type)) {
            Actor vm = scenario.vm("A").accept(FIRST, PAGES).write(FIRST, PAGES);
            assumeTrue(vm.punch(FIRST + 2, 3), NOT_TAKEN);
            vm.read(FIRST, PAGES).write(FIRST, PAGES).read(FIRST, PAGES);
        }
    }

    @EachType
    void aSlotThatWentAwayComesBackEmpty(VmType type) {
        assumeTrue(!plugin().guestsAlone(), NOT_GOING_ON);
        try (Scenario scenario = new Scenario(plugin(), type)) {
            Actor vm = scenario.vm("A").accept(FIRST, PAGES).write(FIRST, PAGES).share(FIRST, 2).hostWrite(FIRST, 2);
            assumeTrue(vm.deleteSlot(), NOT_TAKEN);
            vm.punch(FIRST, PAGES);
            vm.createSlot().read(FIRST, PAGES).write(FIRST, PAGES).read(FIRST, PAGES);
        }
    }

    /// The machine is too small for both guests, so the second gets frames of the first.
    @EachType
    void aFrameOfOneGuestShowsNothingToTheNext(VmType type) {
        try (Scenario scenario = new Scenario(plugin().withMemory(SMALL), type)) {
            Actor first = scenario.vm("A").accept(UPPER, UPPER).write(UPPER, UPPER).accept(FIRST, LOWER)
                    .write(FIRST, LOWER);
            Set<Long> given = new TreeSet<>(first.frames(UPPER, UPPER));
            given.addAll(first.frames(FIRST, LOWER));
            assumeTrue(first.punch(UPPER, UPPER) && first.punch(0, REGION), NOT_TAKEN);
            Actor second = scenario.vm("B").accept(UPPER, UPPER).read(UPPER, UPPER).write(UPPER, UPPER)
                    .accept(FIRST, LOWER).read(FIRST, LOWER).write(FIRST, LOWER).read(UPPER, UPPER);
            Set<Long> used = new TreeSet<>(second.frames(UPPER, UPPER));
            used.addAll(second.frames(FIRST, LOWER));
            given.retainAll(used);
            assertFalse(given.isEmpty(), "no frame was used twice");
        }
    }
}
