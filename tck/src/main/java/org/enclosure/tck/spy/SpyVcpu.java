package org.enclosure.tck.spy;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;

/// One vCPU's backend, whose answers are judged. It remembers the last translations that were admitted: after an instruction
/// that does not say STALE they have to be admitted again.
public final class SpyVcpu implements VcpuBackend {
    private static final int REMEMBERED = 8;

    private final VcpuBackend inner;
    private final Violations violations;
    private final long[] gfns = new long[REMEMBERED];
    private final long[] leaves = new long[REMEMBERED];
    private final int[] accesses = new int[REMEMBERED];
    private final FaultDetail scratch = new FaultDetail();
    private int admitted;
    private volatile boolean judgesRevocation;

    SpyVcpu(VcpuBackend inner, Violations violations) {
        this.inner = inner;
        this.violations = violations;
    }

    /// From now on admits again after each instruction: for guests that run alone.
    public void judgeRevocation() {
        judgesRevocation = true;
    }

    @Override
    public long enter(GuestCall call, FaultDetail detail) {
        forget();
        long status = inner.enter(call, detail);
        Answers.check(violations, "enter", status, Answers.ENTER);
        return status;
    }

    @Override
    public void leave(int reason, FaultDetail detail) {
        inner.leave(reason, detail);
    }

    @Override
    public long admit(long gfn, long leaf, int access, FaultDetail detail) {
        long status = inner.admit(gfn, leaf, access, detail);
        Answers.check(violations, "admit", status, Answers.ADMIT);
        if (status >= 0) {
            checkLeaf(gfn, status, access);
            int at = admitted++ % REMEMBERED;
            gfns[at] = gfn;
            leaves[at] = leaf;
            accesses[at] = access;
        }
        return status;
    }

    private void checkLeaf(long gfn, long leaf, int access) {
        int level = Leaf.level(leaf);
        int wanted = (access & Access.READ) != 0 ? Leaf.READ : 0;
        wanted |= (access & Access.WRITE) != 0 ? Leaf.WRITE : 0;
        wanted |= (access & Access.EXECUTE) != 0 ? Leaf.EXECUTE : 0;
        if (level == 0 || !Paging.isAligned(Leaf.pfn(leaf), level) || (Leaf.permissions(leaf) & wanted) != wanted) {
            violations.add("ADM-1", "admit of gfn 0x" + Long.toHexString(gfn) + " for " + Access.describe(access)
                    + " answered the leaf 0x" + Long.toHexString(leaf)
                    + ", whose frame is not aligned to its level or which does not permit that");
        }
    }

    @Override
    public long trap(int instruction, RegisterFile registers, GuestCall call) {
        long status = inner.trap(instruction, registers, call);
        Answers.check(violations, "trap", status, Answers.TRAP);
        checkRequest(status, call);
        if (judgesRevocation && status >= 0) {
            checkRevoked(instruction, status, call.detail);
        }
        return status;
    }

    private void checkRequest(long status, GuestCall call) {
        if (!Status.has(status, Status.REQUEST)) {
            return;
        }
        boolean isLegal = switch (call.request) {
            case GuestCall.CONVERT -> call.gfn >= 0 && call.npages > 0 && call.gfn + call.npages > 0;
            case GuestCall.HYPERCALL, GuestCall.SHUTDOWN -> true;
            default -> false;
        };
        if (!isLegal) {
            violations.add("CALL-1", "the request " + call.request + " for " + call.npages + " pages from gfn 0x"
                    + Long.toHexString(call.gfn) + " is none");
        }
    }

    private void checkRevoked(int instruction, long status, FaultDetail stale) {
        boolean saysStale = Status.has(status, Status.STALE);
        for (int i = 0; i < Math.min(admitted, REMEMBERED); i++) {
            boolean isSaid = saysStale && gfns[i] >= stale.gfn && gfns[i] < stale.gfn + stale.npages;
            scratch.reset();
            if (isSaid) {
                gfns[i] = -1;
            } else if (gfns[i] >= 0 && inner.admit(gfns[i], leaves[i], accesses[i], scratch) < 0) {
                violations.add("STALE-1", "instruction " + instruction + " took gfn 0x" + Long.toHexString(gfns[i])
                        + " from the guest and did not say STALE for it");
                gfns[i] = -1;
            }
        }
    }

    private void forget() {
        admitted = 0;
    }

    @Override
    public long answer(GuestCall call, long hostStatus, RegisterFile registers) {
        long status = inner.answer(call, hostStatus, registers);
        Answers.check(violations, "answer", status, Answers.ANSWER);
        checkRequest(status, call);
        return status;
    }

    @Override
    public void close() {
        inner.close();
    }
}
