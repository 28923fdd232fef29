package org.enclosure.cca.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.cca.machine.RealmCpu;
import org.enclosure.cca.machine.Rmm;
import org.enclosure.cca.machine.Step;
import org.enclosure.cca.machine.Translation;
import org.enclosure.cca.wire.Psci;
import org.enclosure.cca.wire.RealmInstruction;
import org.enclosure.cca.wire.RecParams;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RunPage;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.jspecify.annotations.Nullable;

/// A vCPU: a REC with its auxiliary granules, and the page that it shares with the host. Used by its own thread alone.
final class CcaVcpu implements VcpuBackend {
    /// The REC, its auxiliary granules, the run page.
    private static final int FRAMES = 2 + RecParams.MAX_AUX;
    private static final int REGISTERS = 11;

    private final CcaVm vm;
    private final Realm realm;
    private final Rmm rmm;
    private final int index;
    private final FrameCache frames;
    private final long rec;
    private final long run;
    private final long[] aux = new long[RecParams.MAX_AUX];
    private final Step step = new Step();
    private final RealmRequests requests;
    private boolean created;
    /// Where the results of the SMC go that the next entry completes.
    private @Nullable RegisterFile waiting;

    CcaVcpu(CcaVm vm, Realm realm, VcpuContext context) {
        this.vm = vm;
        this.realm = realm;
        rmm = realm.rmm;
        index = context.index();
        frames = context.frames();
        if (frames.size() < FRAMES) {
            throw new IllegalArgumentException("a vCPU of a realm needs " + FRAMES + " frames, not " + frames.size());
        }
        rec = frames.pop() << Paging.PAGE_SHIFT;
        run = frames.pop() << Paging.PAGE_SHIFT;
        for (int i = 0; i < aux.length; i++) {
            aux[i] = frames.pop() << Paging.PAGE_SHIFT;
        }
        requests = new RealmRequests(realm, rec, run);
    }

    int index() {
        return index;
    }

    long rec() {
        return created ? rec : -1;
    }

    /// RMI_REC_CREATE; the run page carries the parameters. The REC is runnable: whoever runs the vCPU has decided that.
    long createRec(int recIndex) {
        rmm.granule.delegate(rec);
        for (long granule : aux) {
            rmm.granule.delegate(granule);
        }
        rmm.host.zero(run);
        rmm.host.write(run + RecParams.FLAGS, RecParams.RUNNABLE);
        rmm.host.write(run + RecParams.MPIDR, RecParams.mpidr(recIndex));
        rmm.host.write(run + RecParams.NUM_AUX, aux.length);
        for (int i = 0; i < aux.length; i++) {
            rmm.host.write(run + RecParams.AUX + (long) i * Long.BYTES, aux[i]);
        }
        long x0 = rmm.rec.create(realm.rd, rec, run);
        rmm.host.zero(run);
        created = x0 == Rmi.SUCCESS;
        return x0;
    }

    @Override
    public long enter(GuestCall call, FaultDetail detail) {
        long x0 = vm.isActive() ? Rmi.SUCCESS : vm.activate();
        if (x0 == Rmi.SUCCESS) {
            x0 = rmm.entry.enter(rec, run, step);
        }
        if (x0 == Rmi.SYSTEM_OFF) {
            return Status.of(Status.VM_DEAD);
        }
        if (x0 != Rmi.SUCCESS || step.event == Step.EXIT_AGAIN) {
            detail.code = x0;
            return Status.of(Status.DENIED, 0, (int) x0);
        }
        requests.entered();
        RegisterFile registers = waiting;
        if (registers != null && step.event == Step.COMPLETED) {
            requests.complete(step, registers);
        }
        waiting = null;
        return Status.OK;
    }

    @Override
    public void leave(int reason, FaultDetail detail) {
        rmm.exits.leave(rec, RunPage.IRQ);
    }

    @Override
    public long admit(long gfn, long leaf, int access, FaultDetail detail) {
        boolean isPrivate = (access & Access.PRIVATE) != 0;
        boolean isFetch = (access & Access.EXECUTE) != 0;
        long ipa = gfn << Paging.PAGE_SHIFT | (isPrivate ? 0 : realm.unprotected);
        long answer = rmm.translation.find(realm.rd, ipa, isFetch, step.cache);
        if (answer >= 0 && isPrivate && realm.blocked.holds(gfn)) {
            answer = Translation.protectedFault();
        }
        if (answer >= 0) {
            int level = Realm.level(Translation.level(answer));
            return Leaf.of(Translation.base(answer) >>> Paging.PAGE_SHIFT, level, Leaf.ALL);
        }
        return refused(ipa, answer, gfn, access, detail);
    }

    /// Notes the exit for the host, and says who has to act.
    private long refused(long ipa, long answer, long gfn, int access, FaultDetail detail) {
        int level = Translation.level(answer);
        detail.gfn = gfn;
        detail.access = access;
        detail.wantedLevel = 0;
        detail.level = Realm.level(level);
        int kind = Translation.kind(answer);
        if (kind == Translation.REALM_ABORT || kind == Translation.PROTECTION_FAULT) {
            detail.event = GuestEvent.ABORT;
            return Status.of(Status.TO_GUEST, 0, kind);
        }
        if (kind == Translation.UNPROTECTED_FAULT) {
            rmm.exits.unprotectedAbort(rec, ipa, level, (access & Access.WRITE) != 0, RealmCpu.REGISTER, 0);
            return Status.of(Status.FAULT);
        }
        rmm.exits.protectedAbort(rec, ipa, level, (access & Access.EXECUTE) != 0);
        return kind == Translation.DESTROYED_FAULT ? Status.of(Status.TO_VMM, 0, kind) : Status.of(Status.FAULT);
    }

    @Override
    public long trap(int instruction, RegisterFile registers, GuestCall call) {
        return switch (instruction) {
            case RealmInstruction.SMC -> smc(registers, call);
            case RealmInstruction.WFI -> {
                rmm.cpu.wfi(rec);
                yield again(registers, call);
            }
            default -> {
                call.detail.event = GuestEvent.ABORT;
                call.detail.code = instruction;
                yield Status.of(Status.TO_GUEST);
            }
        };
    }

    private long smc(RegisterFile registers, GuestCall call) {
        for (int i = 0; i < REGISTERS; i++) {
            step.x[i] = registers.get(i);
        }
        long function = step.x[0];
        long argument = step.x[1];
        int outcome = rmm.rsi.call(rec, step);
        return switch (outcome) {
            case Step.DONE -> {
                for (int i = 0; i < REGISTERS; i++) {
                    registers.set(i, step.x[i]);
                }
                yield Status.OK;
            }
            case Step.EXIT_AGAIN -> unreachable(argument, call.detail);
            case Step.EXIT_DONE -> requests.shutdown(call, function);
            default -> requests.isForVmm(function) ? requests.start(call, function, registers)
                    : power(function, argument, registers, call);
        };
    }

    /// A page that the RMM needs for the realm is not there.
    private long unreachable(long ipa, FaultDetail detail) {
        long answer = rmm.translation.find(realm.rd, ipa, false, step.cache);
        return answer >= 0 ? Status.of(Status.RETRY)
                : refused(ipa, answer, ipa >>> Paging.PAGE_SHIFT, Access.READ | Access.WRITE | Access.PRIVATE, detail);
    }

    /// Power calls are answered by the host's kernel: out, complete, in again.
    private long power(long function, long mpidr, RegisterFile registers, GuestCall call) {
        rmm.exits.leave(rec, RunPage.PSCI);
        if (function != Psci.CPU_SUSPEND_32 && function != Psci.CPU_SUSPEND_64) {
            rmm.psci.complete(rec, vm.rec(RecParams.index(mpidr)), Psci.SUCCESS);
        }
        waiting = registers;
        return enter(call, call.detail);
    }

    private long again(RegisterFile registers, GuestCall call) {
        rmm.exits.leave(rec, RunPage.IRQ);
        waiting = registers;
        return enter(call, call.detail);
    }

    @Override
    public long answer(GuestCall call, long hostStatus, RegisterFile registers) {
        requests.answer(call, hostStatus);
        waiting = registers;
        return Status.OK;
    }

    @Override
    public void close() {
        if (created && rmm.rec.destroy(rec) == Rmi.SUCCESS) {
            created = false;
            giveBack(rec);
            for (long granule : aux) {
                giveBack(granule);
            }
        } else if (!created) {
            frames.push(rec >>> Paging.PAGE_SHIFT);
            for (long granule : aux) {
                frames.push(granule >>> Paging.PAGE_SHIFT);
            }
        }
        frames.push(run >>> Paging.PAGE_SHIFT);
    }

    private void giveBack(long pa) {
        realm.giveBack(pa);
        frames.push(pa >>> Paging.PAGE_SHIFT);
    }
}
