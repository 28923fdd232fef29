package org.enclosure.tck.random;

import org.enclosure.api.Errno;
import org.enclosure.api.Paging;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.Obstacle;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.policy.ConversionDecision;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.spi.GuestRefusedException;
import org.enclosure.tck.machine.TestVm;
import org.enclosure.tck.oracle.Oracle;
import org.enclosure.tck.oracle.PageModel;

/// What guests do: loads, stores, requests.
final class GuestSteps {
    private static final ConversionDecision DENY = ConversionDecision.deny("the dice say so");

    private final World world;
    private final Checks checks;
    private long loaded;
    private boolean refused;

    GuestSteps(World world, Checks checks) {
        this.world = world;
        this.checks = checks;
    }

    // ---- accesses -------------------------------------------------------------------------------------------------------

    String load() {
        return access(false);
    }

    String store() {
        return access(true);
    }

    private String access(boolean writes) {
        Subject subject = world.subject();
        int gfn = subject.gfn();
        PageModel page = subject.model().at(gfn);
        checks.touch(subject, gfn, 1);
        boolean matches = !world.isTagged() || world.areGuestsAlone() || !world.oneIn(8);
        boolean asked = page == null ? world.oneIn(2) : page.isPrivate() == matches;
        boolean resumes = world.oneIn(2);
        world.decide(world.oneIn(4) ? DENY : world.oneIn(8) ? ConversionDecision.BUSY : ConversionDecision.ALLOW);
        long word = world.newWord();
        VmExit exit = subject.vcpu(world.dice().nextInt(Subject.VCPUS)).run(cpu -> touch(cpu, gfn, asked, writes, word),
                seen -> resumes && seen.obstacle() != Obstacle.PINNED ? ExitAction.RESUME : ExitAction.STOP);
        if (page == null) {
            if (world.isTagged() && asked) {
                return checks.exit(exit, ExitReason.MEMORY_FAULT, Errno.EFAULT, gfn) + ", private and nothing there";
            }
            // Resumed, an access of nothing is over when the VMM has answered it.
            return checks.exit(exit, resumes ? ExitReason.HALTED : ExitReason.MMIO, null, gfn);
        }
        if (page.isPending()) {
            return checks.exit(exit, ExitReason.MEMORY_FAULT, Errno.EAGAIN, gfn) + ", pending";
        }
        if (page.isPrivate() != asked) {
            if (!resumes || !world.decision().equals(ConversionDecision.ALLOW) || asked && page.pins() > 0) {
                return checks.exit(exit, ExitReason.MEMORY_FAULT, Errno.EFAULT, gfn) + (resumes ? ", refused" : "");
            }
            page.convert(asked, world.keepsBytes());
            return settle(exit, page, gfn, writes, word, "implicit conversion");
        }
        return settle(exit, page, gfn, writes, word, "done");
    }

    private String settle(VmExit exit, PageModel page, int gfn, boolean writes, long word, String outcome) {
        checks.exit(exit, ExitReason.HALTED, null, gfn);
        if (writes) {
            page.writeByGuest(word);
        } else {
            checks.read(page, loaded);
        }
        return outcome;
    }

    private void touch(GuestCpu cpu, int gfn, boolean asksPrivate, boolean writes, long word) {
        cpu.onEvent(TestVm::acceptAnything);
        long address = cpu.address(Subject.bytes(gfn) + Oracle.WORD, asksPrivate);
        if (writes) {
            cpu.storeLong(address, word);
        } else {
            loaded = cpu.loadLong(address);
        }
    }

    // ---- requests -------------------------------------------------------------------------------------------------------

    String share() {
        return request(false);
    }

    String unshare() {
        return request(true);
    }

    private String request(boolean toPrivate) {
        Subject subject = world.subject();
        int gfn = subject.gfn();
        PageModel first = subject.model().at(gfn);
        if (first == null || first.isPrivate() == toPrivate) {
            return "left out";
        }
        // A driver asks in pieces that end at 2M: a refusal must be one of the whole request.
        int most = (int) (Paging.ceil(gfn + 1, Paging.LEVEL_2M) - gfn);
        int count = subject.run(gfn, Math.min(most, subject.length()));
        checks.touch(subject, gfn, count);
        boolean pinned = mayPopulate(subject, gfn, count) && toPrivate && !subject.defers();
        if (pinned && world.isGuestFree()) {
            return "left out";
        }
        world.decide(world.oneIn(8) ? DENY
                : world.oneIn(8) && !world.isGuestFree() ? ConversionDecision.BUSY : ConversionDecision.ALLOW);
        boolean allowed = world.decision().equals(ConversionDecision.ALLOW) || world.isGuestFree() && !toPrivate;
        refused = false;
        VmExit exit = subject.vcpu(world.dice().nextInt(Subject.VCPUS)).run(cpu -> ask(cpu, gfn, count, toPrivate),
                seen -> ExitAction.RESUME);
        checks.exit(exit, ExitReason.HALTED, null, gfn);
        if (refused == (allowed && !pinned)) {
            throw new AssertionError("the request was " + (refused ? "refused" : "granted") + ", the policy says "
                    + world.decision() + ", pinned: " + pinned);
        }
        if (refused) {
            return pinned ? "EAGAIN" : "refused";
        }
        return granted(subject, gfn, count, toPrivate);
    }

    private String granted(Subject subject, int gfn, int count, boolean toPrivate) {
        String outcome = "done";
        for (int i = gfn; i < gfn + count; i++) {
            PageModel page = checks.page(subject, i);
            if (toPrivate && page.pins() > 0) {
                page.defer();
                outcome = "put off";
            } else {
                page.convert(toPrivate, world.keepsBytes());
            }
        }
        return outcome;
    }

    /// A driver may touch and write the pages that a request is about, whatever becomes of it: as a place for the request itself.
    ///
    /// @return whether a page is pinned
    private boolean mayPopulate(Subject subject, int gfn, int count) {
        boolean pinned = false;
        for (int i = gfn; i < gfn + count; i++) {
            checks.page(subject, i).mayPopulate();
            checks.page(subject, i).mayBeLogged();
            pinned |= checks.page(subject, i).pins() > 0;
        }
        return pinned;
    }

    private void ask(GuestCpu cpu, int gfn, int count, boolean toPrivate) {
        cpu.onEvent(TestVm::acceptAnything);
        try {
            if (toPrivate) {
                cpu.unshare(Subject.bytes(gfn), Subject.bytes(count));
            } else {
                cpu.share(Subject.bytes(gfn), Subject.bytes(count));
            }
        } catch (GuestRefusedException e) {
            refused = true;
        }
    }
}
