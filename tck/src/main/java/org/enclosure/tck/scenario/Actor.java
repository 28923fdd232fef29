package org.enclosure.tck.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.spi.VmTrait;
import org.enclosure.tck.machine.TestVm;
import org.enclosure.tck.oracle.Oracle;
import org.enclosure.tck.oracle.PageModel;
import org.enclosure.tck.oracle.StoreModel;
import org.enclosure.tck.oracle.VmModel;

/// One VM of a scenario, with its guest and its host. Pages are counted from gpa 0; each step changes the model as it changes
/// the VM, and is followed by a comparison of all pages. For one thread.
public final class Actor {
    private static final int SLOT = 0;
    private static final int PAGES = (int) (TestVm.RAM >>> Paging.PAGE_SHIFT);

    private final Scenario scenario;
    private final String name;
    private final TestVm vm;
    private final VmModel model;
    private final StoreModel store;
    private final boolean keepsBytes;

    Actor(Scenario scenario, String name, TestVm vm) {
        this.scenario = scenario;
        this.name = name;
        this.vm = vm;
        keepsBytes = vm.traits().has(VmTrait.CONTENT_KEPT);
        model = scenario.oracle().add(name, vm.vm(), PAGES);
        store = model.addStore(PAGES);
        model.bind(SLOT, 0, store, 0, PAGES);
        vm.launch();
        pages((int) (TestVm.IMAGE >>> Paging.PAGE_SHIFT), (int) (TestVm.IMAGE_BYTES >>> Paging.PAGE_SHIFT))
                .forEach(PageModel::mayPopulate);
    }

    // ---- the guest ------------------------------------------------------------------------------------------------------

    /// The guest accepts pages.
    public Actor accept(int page, int count) {
        pages(page, count).forEach(PageModel::mayPopulate);
        return guest("accept", page, count, cpu -> cpu.accept(gpa(page), gpa(count)));
    }

    /// The guest shares pages.
    public Actor share(int page, int count) {
        pages(page, count).forEach(PageModel::mayPopulate);
        return guest("share", page, count, cpu -> {
            cpu.share(gpa(page), gpa(count));
            pages(page, count).forEach(one -> one.convert(false, keepsBytes));
        });
    }

    /// The guest takes pages back.
    public Actor unshare(int page, int count) {
        pages(page, count).forEach(PageModel::mayPopulate);
        return guest("unshare", page, count, cpu -> {
            cpu.unshare(gpa(page), gpa(count));
            pages(page, count).forEach(one -> one.convert(true, keepsBytes));
        });
    }

    /// The guest writes a word that was never written before into each page, by the kind that the page has.
    public Actor write(int page, int count) {
        return guest("write", page, count, cpu -> {
            for (int at = page; at < page + count; at++) {
                long word = scenario.newWord();
                cpu.storeLong(address(cpu, at), word);
                store.page(at).writeByGuest(word);
            }
        });
    }

    /// The guest reads a word of each page, and has to find what the oracle knows.
    public Actor read(int page, int count) {
        return guest("read", page, count, cpu -> {
            for (int at = page; at < page + count; at++) {
                check(store.page(at), cpu.loadLong(address(cpu, at)));
            }
        });
    }

    private long address(GuestCpu cpu, int page) {
        return cpu.address(gpa(page) + Oracle.WORD, store.page(page).isPrivate());
    }

    private Actor guest(String what, int page, int count, GuestProgram program) {
        return step("the guest: " + what, page, count, () -> vm.run(cpu -> {
            cpu.onEvent(TestVm::acceptAnything);
            program.run(cpu);
        }));
    }

    // ---- the host -------------------------------------------------------------------------------------------------------

    /// The host writes into each page by its mapping: it gets SIGBUS, without effect, exactly from pages that are private.
    public Actor hostWrite(int page, int count) {
        return step("the host: write", page, count, () -> {
            for (int at = page; at < page + count; at++) {
                long word = scenario.newWord();
                try {
                    vm.mapping().storeLong(gpa(at) + Oracle.WORD, word);
                    require(!store.page(at).isPrivate(), "the host writes to " + store.page(at));
                    store.page(at).write(word);
                } catch (HostAccessException refused) {
                    require(store.page(at).isPrivate(), "the host does not reach " + store.page(at));
                }
            }
        });
    }

    /// The host punches a hole.
    ///
    /// @return whether the architecture lets it
    public boolean punch(int page, int count) {
        return tried("the host: punch", page, count, () -> vm.store().punchHole(gpa(page), gpa(count)),
                () -> pages(page, count).forEach(scenario.oracle()::punch));
    }

    /// The host deletes the slot that all memory is in.
    ///
    /// @return whether the architecture lets it
    public boolean deleteSlot() {
        return tried("the host: delete the slot", 0, PAGES, () -> vm.vm().slots().delete(SLOT),
                () -> model.unbind(SLOT));
    }

    /// The host creates that slot anew.
    public Actor createSlot() {
        return step("the host: create the slot", 0, PAGES, () -> {
            vm.vm().slots().create(vm.slot(SLOT, 0, TestVm.RAM, 0));
            model.bind(SLOT, 0, store, 0, PAGES);
        });
    }

    /// The frames behind pages.
    public Set<Long> frames(int page, int count) {
        Set<Long> frames = new TreeSet<>();
        for (int at = page; at < page + count; at++) {
            frames.add(vm.pfn(gpa(at)));
        }
        return frames;
    }

    private boolean tried(String what, int page, int count, Runnable call, Runnable then) {
        boolean[] done = new boolean[1];
        step(what, page, count, () -> {
            try {
                call.run();
                then.run();
                done[0] = true;
            } catch (GuestMemoryException refused) {
                require(vm.traits().has(VmTrait.PAGES_STAY), "refused: " + refused.getMessage());
            }
        });
        return done[0];
    }

    // ---- all ------------------------------------------------------------------------------------------------------------

    private Actor step(String what, int page, int count, Runnable body) {
        scenario.step(name + ", " + what + " " + count + " pages from " + page, body);
        return this;
    }

    private List<PageModel> pages(int page, int count) {
        List<PageModel> pages = new ArrayList<>();
        for (int at = page; at < page + count; at++) {
            pages.add(store.page(at));
        }
        return pages;
    }

    private static void check(PageModel page, long found) {
        String wanted = page.read(found);
        require(wanted.isEmpty(), page + ": read 0x" + Long.toHexString(found) + " instead of " + wanted);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static long gpa(int pages) {
        return (long) pages << Paging.PAGE_SHIFT;
    }
}
