package org.enclosure.snp.host;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Paging;
import org.enclosure.snp.launch.LaunchFlags;
import org.enclosure.snp.launch.LaunchOptions;
import org.enclosure.snp.launch.PageType;
import org.enclosure.snp.launch.Vmsa;
import org.enclosure.snp.machine.FirmwareCode;
import org.enclosure.snp.machine.RmpCode;
import org.enclosure.snp.machine.SnpMachine;
import org.enclosure.snp.wire.RmpState;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// The launch of one SNP guest, as KVM's SNP_LAUNCH_UPDATE and SNP_LAUNCH_FINISH do it: a page becomes Pre-Guest by RMPUPDATE, then
/// Guest-Valid by the firmware, which measures it; a page that the firmware refuses is reclaimed and given back. The vCPUs' pages come
/// last, in their order.
final class SnpLaunch implements LaunchSession {
    /// What a host says of a page that somebody has already (KVM: EEXIST).
    private static final int ALREADY_ASSIGNED = 17;

    private final SnpVm vm;
    private final SnpMachine machine;
    private final LaunchOptions options;
    private final List<String> transcript = new ArrayList<>();
    private final List<Long> starts = new ArrayList<>();

    SnpLaunch(SnpVm vm, LaunchOptions options) {
        this.vm = vm;
        machine = vm.machine;
        this.options = options;
    }

    @Override
    public long page(LaunchItem item, long pfn, long sourcePfn, TableWork work) {
        if (item.kind() == LaunchItem.Kind.RANGE) {
            starts.add(LaunchFlags.eip(item));
            return Status.OK;
        }
        long gpa = item.gfn() << Paging.PAGE_SHIFT;
        long spa = pfn << Paging.PAGE_SHIFT;
        if (!machine.access().isHypervisor(spa, false)) {
            return denied(item, pfn, ALREADY_ASSIGNED, work);
        }
        fill(item, spa, sourcePfn << Paging.PAGE_SHIFT);
        int code = machine.host().rmpupdate(spa, gpa, preGuest(), false);
        if (code != RmpCode.SUCCESS) {
            return code == RmpCode.FAIL_INUSE ? Status.of(Status.RETRY) : denied(item, pfn, code, work);
        }
        int update = update(spa, item.type(), LaunchFlags.isImi(item), LaunchFlags.masks(item));
        if (update != FirmwareCode.SUCCESS) {
            SnpVm.giveBack(machine, spa);
            return denied(item, pfn, update, work);
        }
        vm.validated().add(item.gfn(), 1);
        tell(item.type(), gpa);
        return Status.OK;
    }

    private long preGuest() {
        return RmpState.high(true, false, false, true, vm.asid);
    }

    private int update(long spa, int type, boolean imi, long masks) {
        return Settled
                .command(() -> machine.processor().launchUpdate(vm.context, spa, false, type, imi, masks));
    }

    /// The content goes into the page while it is the hypervisor's; encryption comes with the firmware's command.
    private void fill(LaunchItem item, long spa, long source) {
        byte[] hashes = LaunchFlags.isHashes(item) ? options.hashTable() : null;
        if (hashes != null) {
            machine.memory().zero(spa, Paging.PAGE_SIZE);
            write(spa + LaunchFlags.offset(item), hashes);
        } else if (source != spa) {
            machine.memory().copy(source, spa, Paging.PAGE_SIZE);
        }
    }

    private void write(long spa, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            machine.memory().putByte(spa + i, bytes[i]);
        }
    }

    private static long denied(LaunchItem item, long pfn, int code, TableWork work) {
        work.detail.gfn = item.gfn();
        work.detail.pfn = pfn;
        work.detail.code = code;
        return Status.of(Status.DENIED, 0, code);
    }

    /// The boot vCPU starts where the first item of type VMSA says, all others where the second does.
    @Override
    public LaunchResult finish(TableWork work) {
        for (int index = 0; index < vm.maxVcpus(); index++) {
            SnpVcpu vcpu = vm.vcpu(index);
            if (vcpu != null) {
                long eip = starts.isEmpty() ? Vmsa.RESET_VECTOR : starts.get(Math.min(index, starts.size() - 1));
                addVcpu(vcpu, options.vmsa(eip));
            }
        }
        machine.processor().launchFinish(vm.context);
        return new LaunchResult("SHA-384", hex(), true, transcript);
    }

    private void addVcpu(SnpVcpu vcpu, byte[] state) {
        int code = load(vcpu.statePage(), state);
        if (code != FirmwareCode.SUCCESS) {
            throw new IllegalStateException("the firmware does not take the page of a vCPU: " + code);
        }
        tell(PageType.VMSA, Vmsa.MEASURED_GPA);
    }

    private int load(long spa, byte[] state) {
        write(spa, state);
        int code = Settled
                .instruction(() -> machine.host().rmpupdate(spa, Vmsa.MEASURED_GPA, preGuest(), false));
        return code == RmpCode.SUCCESS ? update(spa, PageType.VMSA, false, 0) : code;
    }

    /// Gives a vCPU of a VM that is never launched its state, as it is after reset.
    static boolean loadUnlaunched(SnpVm vm, long spa) {
        LaunchOptions options = LaunchOptions.parse(Map.of());
        return new SnpLaunch(vm, options).load(spa, options.vmsa(Vmsa.RESET_VECTOR)) == FirmwareCode.SUCCESS;
    }

    private void tell(int type, long gpa) {
        transcript.add(PageType.nameOf(type) + " gpa=0x" + Long.toHexString(gpa) + " ld=" + hex());
    }

    private String hex() {
        byte[] digest = machine.processor().digest(vm.context);
        return HexFormat.of().formatHex(digest == null ? new byte[0] : digest);
    }
}
