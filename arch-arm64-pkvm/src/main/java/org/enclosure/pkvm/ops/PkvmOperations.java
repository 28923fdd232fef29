package org.enclosure.pkvm.ops;

import static org.enclosure.spi.Operation.Effect.CHANGES;
import static org.enclosure.spi.Operation.Effect.ENTERS;
import static org.enclosure.spi.Operation.Effect.READS;
import static org.enclosure.spi.Operation.Effect.TEST;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.enclosure.pkvm.machine.El2;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Operation;
import org.enclosure.spi.Operation.Effect;
import org.enclosure.spi.Operation.Field;
import org.enclosure.spi.Operation.StatusName;
import org.enclosure.spi.OperationCall;

/// The table of operations, a line each. `HYP` is what EL2 does for the host and the guests, by the names of its functions; `GUEST`
/// and `HOST` are instructions and accesses of these two; `STATE` is inspection; `SETUP` and `TEST` force states.
///
/// A lock that is held is waited for here: an operator has no other work to do.
public final class PkvmOperations implements ArchOperations {
    private static final String TRANSITIONS = "Linux arch/arm64/kvm/hyp/nvhe, page ownership transitions";
    private static final String GUEST_ABI = "Linux Documentation/virt/kvm/arm/hypercalls.rst";
    private static final Map<String, Field> FIELDS = new LinkedHashMap<>();
    private static final List<StatusName> STATUSES = new ArrayList<>();

    private final Map<String, Line> table = new LinkedHashMap<>();

    static {
        field("pa", 64, "host physical address of a page");
        field("vm", 64, "handle of a VM");
        field("gfn", 64, "guest page");
        field("pages", 64, "1, or 512 for an aligned 2M block");
        field("prot", 64, "permissions: 1 read, 2 write, 4 execute");
        field("protected", 1, "1 for a protected VM");
        field("x0", 64, "function, in the low 32 bits; afterwards R0");
        field("x1", 64, "argument; afterwards R1");
        field("x2", 64, "argument; afterwards R2");
        field("x3", 64, "argument; afterwards R3");
        field("returned", 1, "0: no result, the host has an abort and the guest repeats the HVC");
        field("esr", 64, "syndrome of the abort");
        field("hpfar", 64, "guest page of the abort, in bits 43:4");
        field("far", 64, "faulting address of the abort");
        field("pc_change", 64, "what is added to the guest's PC");
        field("write", 1, "1 for a write");
        field("kernel", 1, "1 if the host's kernel accesses, 0 if a process does");
        field("signal", 8, "what the process gets: 0 nothing, 11 SIGSEGV; 255: the hypervisor panics");
        field("reclaimed", 1, "1 if the kernel took the page by force and repeated the access");
        field("value", 64, "8 bytes, little-endian");
        field("host", 4, "host state: 0 OWNED, 1 SHARED_OWNED, 2 SHARED_BORROWED, 3 NOPAGE");
        field("hyp", 4, "hypervisor's state, as the host's");
        field("owner", 3, "annotation of the host's stage 2: 0 none, 1 HYP, 2 GUEST");
        field("share_count", 32, "shares with unprotected VMs");
        field("pins", 16, "pins of the hypervisor");
        field("word", 64, "EL2's record of the page");
        field("descriptor", 64, "stage-2 descriptor");
        field("level", 3, "1 = 4K, 2 = 2M, 3 = 1G, 4 = 512G");
        field("state", 4, "guest state: as the host's, 4 POISON");
        field("zero", 1, "1 if all bytes are zero");
        field("dying", 1, "1 if teardown has begun");
        field("loaded", 32, "vCPUs that are loaded");
        field("memcache", 32, "pages of the VM's memcache");
        field("next", 64, "first mapped gfn, -1 if none");
        for (long value : new long[] {HypErrno.OK, HypErrno.EPERM, HypErrno.ENOENT, HypErrno.E2BIG, HypErrno.EAGAIN,
                HypErrno.ENOMEM, HypErrno.EBUSY, HypErrno.EINVAL, HypErrno.ERANGE, HypErrno.EOPNOTSUPP,
                HypErrno.EHWPOISON}) {
            STATUSES.add(new StatusName(value == 0 ? "OK" : HypErrno.name(value).substring(1), value));
        }
    }

    /// One line: what is listed, and what it calls.
    private record Line(Operation operation, ToLongFunction<OperationCall> body) {
    }

    /// Builds the table of a machine.
    public PkvmOperations(El2 el2) {
        hypervisor(new HypervisorLines(el2));
        environment(new EnvironmentLines(el2));
    }

    private void hypervisor(HypervisorLines el2) {
        hyp("HOST_SHARE_HYP", "pa", "", el2::hostShareHyp);
        hyp("HOST_UNSHARE_HYP", "pa", "", el2::hostUnshareHyp);
        hyp("HOST_DONATE_HYP", "pa", "", el2::hostDonateHyp);
        hyp("HYP_DONATE_HOST", "pa", "", el2::hypDonateHost);
        hyp("HYP_PIN_SHARED_MEM", "pa", "", el2::hypPin);
        hyp("HYP_UNPIN_SHARED_MEM", "pa", "", el2::hypUnpin);
        hyp("HOST_SHARE_FFA", "pa", "", el2::hostShareFfa);
        hyp("HOST_UNSHARE_FFA", "pa", "", el2::hostUnshareFfa);
        hyp("HOST_SHARE_GUEST", "vm pa gfn pages prot", "", el2::hostShareGuest);
        hyp("HOST_UNSHARE_GUEST", "vm gfn pages", "", el2::hostUnshareGuest);
        hyp("HOST_RELAX_PERMS_GUEST", "vm gfn prot", "", el2::relaxPermissions);
        hyp("HOST_WRPROTECT_GUEST", "vm gfn", "", el2::writeProtect);
        hyp("HOST_TEST_CLEAR_YOUNG_GUEST", "vm gfn", "", el2::testClearYoung);
        hyp("HOST_MKYOUNG_GUEST", "vm gfn", "", el2::makeYoung);
        hyp("HOST_DONATE_GUEST", "vm pa gfn", "", el2::hostDonateGuest);
        hyp("RECLAIM_GUEST_PAGE", "vm gfn pa", "", el2::reclaimGuestPage);
        hyp("FORCE_RECLAIM", "pa", "", el2::forceReclaim);
        hyp("GUEST_SHARE_HOST", "vm gfn", "", el2::guestShareHost);
        hyp("GUEST_UNSHARE_HOST", "vm gfn", "", el2::guestUnshareHost);
        hyp("GUEST_RELINQUISH", "vm gfn", "", el2::guestRelinquish);
        hyp("INIT_VM", "pa protected", "vm", el2::initVm);
        hyp("TOPUP_MEMCACHE", "vm pa", "", el2::topUpMemcache);
        hyp("START_TEARDOWN", "vm", "", el2::startTeardown);
        hyp("RECLAIM_TABLE", "vm", "pa", el2::reclaimTable);
        hyp("FINALIZE_TEARDOWN", "vm", "", el2::finalizeTeardown);
        add("HYP.VCPU_LOAD", ENTERS, "vm", "", TRANSITIONS, el2::vcpuLoad);
        add("HYP.VCPU_PUT", ENTERS, "vm", "", TRANSITIONS, el2::vcpuPut);
    }

    private void environment(EnvironmentLines el2) {
        add("GUEST.HVC", CHANGES, "vm x0 x1 x2 x3", "x0 x1 x2 x3 returned esr hpfar far pc_change", GUEST_ABI,
                el2::hvc);
        add("GUEST.ACCESS", READS, "vm gfn write", "pa state", TRANSITIONS, el2::guestAccess);
        add("HOST.ACCESS", CHANGES, "pa write kernel", "signal esr reclaimed", TRANSITIONS, el2::hostAccess);
        add("HOST.READ64", READS, "pa", "value", TRANSITIONS, el2::read64);
        add("HOST.WRITE64", CHANGES, "pa value", "", TRANSITIONS, el2::write64);
        add("HOST.FILL_PAGE", CHANGES, "pa value", "", TRANSITIONS, el2::fillPage);
        add("STATE.PAGE", READS, "pa", "host hyp owner share_count pins word", TRANSITIONS, el2::page);
        add("STATE.PAGE_ZERO", READS, "pa", "zero", TRANSITIONS, el2::pageZero);
        add("STATE.MEMORY64", READS, "pa", "value", TRANSITIONS, el2::memory64);
        add("STATE.HOST_LEAF", READS, "pa", "descriptor level", TRANSITIONS, el2::hostLeaf);
        add("STATE.GUEST_LEAF", READS, "vm gfn", "state pa descriptor level", TRANSITIONS, el2::guestLeaf);
        add("STATE.NEXT_LEAF", READS, "vm gfn", "next", TRANSITIONS, el2::nextLeaf);
        add("STATE.VM", READS, "vm", "protected dying loaded memcache", TRANSITIONS, el2::vm);
        add("SETUP.PAGE", TEST, "pa host hyp owner vm gfn share_count pins", "", TRANSITIONS, el2::setPage);
        add("TEST.SET_GUEST_LEAF", TEST, "vm gfn state pa", "", TRANSITIONS, el2::setGuestLeaf);
    }

    @Override
    public List<Operation> list() {
        return table.values().stream().map(Line::operation).toList();
    }

    @Override
    public long invoke(Operation operation, OperationCall call) {
        Line line = table.get(operation.name());
        if (line == null || !line.operation.equals(operation)) {
            throw new IllegalArgumentException("operation " + operation.name() + " is not one of the pKVM platform's");
        }
        while (true) {
            long answer = line.body.applyAsLong(call);
            if (answer != HypErrno.ERESTART) {
                return answer;
            }
            Thread.onSpinWait();
        }
    }

    private void hyp(String name, String in, String out, ToLongFunction<OperationCall> body) {
        add("HYP." + name, CHANGES, in, out, TRANSITIONS, body);
    }

    private void add(String name, Effect effect, String in, String out, String source,
            ToLongFunction<OperationCall> body) {
        Operation operation = new Operation(name, table.size(), effect, fields(in), fields(out), STATUSES, source);
        table.put(name, new Line(operation, body));
    }

    private static void field(String name, int bits, String meaning) {
        FIELDS.put(name, new Field(name, bits, meaning));
    }

    private static List<Field> fields(String names) {
        return names.isEmpty() ? List.of() : Arrays.stream(names.split(" ", -1)).map(FIELDS::get).toList();
    }
}
