package org.enclosure.snp.transitions;

import static org.enclosure.snp.transitions.Trial.CONTEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.Function;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.snp.host.SnpTypes;
import org.enclosure.snp.launch.PageType;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;

/// What the host does with pages of a guest memory store: the rows named after KVM's functions.
final class KvmRules {
    private static final long REGION_PAGES = 512;
    private static final int PRIVATE_WRITE = Access.WRITE | Access.PRIVATE;
    private static final int EEXIST = 17;
    private static final int INVALID_PARAM = 0x16;
    private static final long STATE_FRAME = 0x110;

    private KvmRules() {
    }

    /// A guest whose table the rows use.
    private static final class Guest implements AutoCloseable {
        final TableWork work = new TableWork(new FrameCache(0));
        private final Trial trial;
        private final VmBackend vm;

        Guest(Trial trial) {
            this.trial = trial;
            vm = trial.platform
                    .create(new VmContext(SnpTypes.SNP, 1, -1, frame(CONTEXT >>> Paging.PAGE_SHIFT), Map.of()));
        }

        private static FrameCache frame(long pfn) {
            FrameCache frames = new FrameCache(1);
            frames.push(pfn);
            return frames;
        }

        long gfn() {
            return trial.gpa >>> Paging.PAGE_SHIFT;
        }

        long pfn() {
            return trial.at >>> Paging.PAGE_SHIFT;
        }

        long asid() {
            trial.call("STATE.GUEST", CONTEXT);
            return trial.out("STATE.GUEST", "asid");
        }

        String map(int level) {
            work.reset(TableWork.FAULT, PRIVATE_WRITE);
            return name(vm.table().map(gfn(), pfn(), level, work));
        }

        String remove(long npages) {
            work.reset(TableWork.PUNCH, Access.PRIVATE);
            return name(vm.table().remove(gfn(), pfn(), npages, work));
        }

        GuestTable table() {
            return vm.table();
        }

        VcpuBackend vcpu() {
            return vm.createVcpu(new VcpuContext(0, frame(STATE_FRAME)));
        }

        /// Adds the page under test as one of a launch.
        String launch(int type) {
            work.reset(TableWork.FAULT, PRIVATE_WRITE);
            LaunchItem item = new LaunchItem(LaunchItem.Kind.PAGE, gfn(), 1, -1, type, 0);
            return name(vm.launch(Map.of()).page(item, pfn(), pfn(), work));
        }

        @Override
        public void close() {
            vm.close();
        }
    }

    /// The guest of a trial, its pages in the state that the row starts from.
    private static Rule rule(String instruction, Function<Guest, String> step) {
        return new Rule(instruction, trial -> {
            try (Guest guest = new Guest(trial)) {
                return step.apply(guest);
            }
        });
    }

    private static String name(long status) {
        if (status == Status.OK || status == Status.SPURIOUS) {
            return status == Status.OK ? "OK" : "SPURIOUS";
        }
        int kind = Status.kind(status);
        return kind == Status.DENIED ? "DENIED" : kind == Status.LEVEL ? "LEVEL" : Status.describe(status);
    }

    static void addTo(Map<Integer, Rule> rules) {
        rules.put(40, rule("PSMASH", guest -> {
            assertEquals("OK", guest.map(Paging.LEVEL_4K));
            guest.trial.remember();
            return name(guest.table().resize(guest.gfn(), guest.pfn(), Paging.LEVEL_4K, guest.work));
        }).from("HYPERVISOR").answers("SPURIOUS"));
        prepares(rules);
        invalidates(rules);
        launches(rules);
    }

    private static void prepares(Map<Integer, Rule> rules) {
        String name = "KVM sev_gmem_prepare";
        rules.put(132, rule(name, guest -> {
            assertEquals("OK", guest.map(Paging.LEVEL_4K));
            guest.trial.remember();
            return guest.map(Paging.LEVEL_4K);
        }).from("HYPERVISOR").answers("SPURIOUS"));
        rules.put(133, rule(name, guest -> guest.map(Paging.LEVEL_2M)).answers("OK"));
        rules.put(134, rule(name, guest -> {
            if (guest.trial.start.isHead()) {
                guest.trial.put(guest.trial.at + 5 * Paging.PAGE_SIZE, Start.of("RECLAIM").getFirst(), 0);
                assertEquals("LEVEL", guest.map(Paging.LEVEL_2M), "one page is assigned");
            }
            return guest.map(Paging.LEVEL_4K);
        }).from("HYPERVISOR", "HYPERVISOR head").answers("OK"));
    }

    private static void invalidates(Map<Integer, Rule> rules) {
        String name = "KVM sev_gmem_invalidate";
        rules.put(135, rule(name, guest -> {
            assertEquals("OK", guest.map(Paging.LEVEL_2M));
            return guest.remove(REGION_PAGES);
        }).from("HYPERVISOR x512").to("HYPERVISOR x512").answers("OK"));
        rules.put(136, rule(name, guest -> {
            assertEquals("OK", guest.map(Paging.LEVEL_2M));
            return guest.remove(3);
        }).from("HYPERVISOR x512").to("HYPERVISOR").answers("OK").after(trial -> {
            for (long page = 0; page < REGION_PAGES; page++) {
                long spa = trial.at + page * Paging.PAGE_SIZE;
                assertEquals(page < 3 ? "HYPERVISOR" : "GUEST_INVALID", trial.stateName(spa), "page " + page);
                assertEquals(0, trial.entry(spa, "large"), "size of page " + page);
            }
        }));
        rules.put(137, rule("KVM sev_handle_rmp_fault", KvmRules::smashOnFault).from("HYPERVISOR x512")
                .to("GUEST_VALID x512").answers("OK"));
    }

    private static String smashOnFault(Guest guest) {
        Trial trial = guest.trial;
        assertEquals("OK", guest.map(Paging.LEVEL_2M));
        assertEquals("EAX=0 CF=0", trial.pvalidate(guest.asid(), trial.gpa, trial.at, Trial.LARGE, 1));
        try (VcpuBackend vcpu = guest.vcpu()) {
            FaultDetail detail = new FaultDetail();
            long leaf = Leaf.of(guest.pfn() + 9, Paging.LEVEL_4K, Leaf.ALL);
            long status = vcpu.admit(guest.gfn() + 9, leaf, PRIVATE_WRITE, detail);
            assertEquals(Status.SPLIT, Status.kind(status), "a 4K mapping of a 2M page");
            String answer = name(guest.table().resize(guest.gfn(), guest.pfn(), Paging.LEVEL_4K, guest.work));
            assertTrue(vcpu.admit(guest.gfn() + 9, leaf, PRIVATE_WRITE, detail) > 0, "resumed");
            return answer;
        }
    }

    private static void launches(Map<Integer, Rule> rules) {
        String name = "KVM SNP_LAUNCH_UPDATE";
        rules.put(138, rule(name, guest -> {
            String answer = guest.launch(PageType.NORMAL);
            return answer + " " + (guest.work.detail.code == EEXIST ? "EEXIST" : guest.work.detail.code);
        }).answers("DENIED EEXIST"));
        rules.put(139, rule(name, guest -> {
            String answer = guest.launch(7);
            assertEquals(INVALID_PARAM, guest.work.detail.code, "the firmware's error");
            return answer;
        }).from("HYPERVISOR").answers("DENIED"));
    }
}
