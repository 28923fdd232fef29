package org.enclosure.cca.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

import org.enclosure.api.Paging;
import org.enclosure.cca.guest.RealmGuest;
import org.enclosure.cca.launch.CcaLaunch;
import org.enclosure.cca.launch.RealmOptions;
import org.enclosure.cca.machine.Inspection;
import org.enclosure.cca.machine.Outputs;
import org.enclosure.cca.machine.Rmm;
import org.enclosure.cca.wire.RealmParams;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmTraits;
import org.jspecify.annotations.Nullable;

/// One realm. Its RECs are created, and it is activated, when its launch ends or its first vCPU is entered; no vCPU can be
/// added afterwards, because RMM takes none.
final class CcaVm implements VmBackend {
    private static final int CONTROL_FRAMES = 3;

    private final Rmm rmm;
    private final VmTraits traits;
    private final RealmOptions described;
    private final FrameCache frames;
    private final IntConsumer forget;
    private final long root;
    private final Realm realm;
    private final CcaTable table;
    private final List<CcaVcpu> vcpus = new ArrayList<>();
    private @Nullable CcaLaunch launch;
    private volatile boolean active;

    /// Creates the realm: two granules for good, and a page for its parameters.
    ///
    /// @param number VMID, and the number by which frames are owned
    /// @param forget told the number when the realm is gone
    CcaVm(Rmm rmm, int number, FrameOwners owners, VmContext context, IntConsumer forget) {
        this.rmm = rmm;
        this.forget = forget;
        described = RealmOptions.ofVm(context.options());
        traits = CcaTypes.traits(described.s2sz());
        frames = context.frames();
        if (frames.size() < CONTROL_FRAMES) {
            throw new IllegalArgumentException("a realm needs " + CONTROL_FRAMES + " frames to begin with, not "
                    + frames.size());
        }
        long rd = frames.pop() << Paging.PAGE_SHIFT;
        root = frames.pop() << Paging.PAGE_SHIFT;
        realm = new Realm(rmm, rd, number, CcaTypes.unprotected(described.s2sz()), owners, frames);
        long x0 = create(rd, number);
        if (x0 != Rmi.SUCCESS) {
            giveBack(rd);
            giveBack(root);
            throw new IllegalArgumentException("the RMM does not create the realm: RMI_REALM_CREATE answers 0x"
                    + Long.toHexString(x0));
        }
        table = new CcaTable(realm);
    }

    private long create(long rd, int number) {
        rmm.granule.delegate(rd);
        rmm.granule.delegate(root);
        long params = frames.pop() << Paging.PAGE_SHIFT;
        rmm.host.zero(params);
        rmm.host.write(params + RealmParams.FLAGS, described.flags());
        rmm.host.write(params + RealmParams.S2SZ, described.s2sz());
        rmm.host.write(params + RealmParams.SVE_VL, described.sveVl());
        rmm.host.write(params + RealmParams.NUM_BPS, described.numBps());
        rmm.host.write(params + RealmParams.NUM_WPS, described.numWps());
        rmm.host.write(params + RealmParams.PMU_NUM_CTRS, described.pmuCounters());
        rmm.host.write(params + RealmParams.HASH, described.hash());
        rmm.host.write(params + RealmParams.VMID, number);
        rmm.host.write(params + RealmParams.RTT_BASE, root);
        rmm.host.write(params + RealmParams.RTT_LEVEL_START, described.startLevel());
        rmm.host.write(params + RealmParams.RTT_NUM_START, 1);
        long x0 = rmm.realm.create(rd, params);
        rmm.host.zero(params);
        frames.push(params >>> Paging.PAGE_SHIFT);
        return x0;
    }

    @Override
    public VmTraits traits() {
        return traits;
    }

    @Override
    public GuestTable table() {
        return table;
    }

    /// @throws IllegalStateException if the realm is active
    @Override
    public synchronized VcpuBackend createVcpu(VcpuContext context) {
        if (active) {
            throw new IllegalStateException("vCPU " + context.index()
                    + " comes too late: a realm takes no REC after its launch has ended or its first vCPU has run");
        }
        CcaVcpu vcpu = new CcaVcpu(this, realm, context);
        vcpus.add(vcpu);
        return vcpu;
    }

    @Override
    public synchronized LaunchSession launch(Map<String, String> options) {
        RealmOptions wanted = RealmOptions.of(options);
        if (options.containsKey(RealmOptions.VCPUS) && wanted.recs() != vcpus.size()) {
            throw new IllegalArgumentException("option " + RealmOptions.VCPUS + "=" + wanted.recs()
                    + " is not what the VM has: " + vcpus.size());
        }
        described.checkSame(wanted);
        if (launch != null || active) {
            throw new IllegalStateException("the VM has been launched before; a VM is launched at most once");
        }
        CcaLaunch begun = new CcaLaunch(new LaunchCalls(realm, this));
        launch = begun;
        return begun;
    }

    @Override
    public GuestDriver guestDriver() {
        return new RealmGuest(new AddressTag(realm.unprotected, false));
    }

    /// Creates the RECs in the order of their vCPUs and activates the realm, once. Without a launch all of the protected half
    /// becomes RAM first.
    ///
    /// @return x0 of the command that failed, or SUCCESS
    synchronized long activate() {
        if (active) {
            return Rmi.SUCCESS;
        }
        long x0 = launch == null ? initAllRipas() : Rmi.SUCCESS;
        vcpus.sort((one, other) -> Integer.compare(one.index(), other.index()));
        for (int i = 0; i < vcpus.size() && x0 == Rmi.SUCCESS; i++) {
            x0 = vcpus.get(i).createRec(i);
        }
        if (x0 == Rmi.SUCCESS) {
            x0 = rmm.realm.activate(realm.rd);
        }
        active = x0 == Rmi.SUCCESS;
        return x0;
    }

    boolean isActive() {
        return active;
    }

    /// The REC with an index, or -1.
    synchronized long rec(long index) {
        return index >= 0 && index < vcpus.size() ? vcpus.get((int) index).rec() : -1;
    }

    private long initAllRipas() {
        Outputs out = new Outputs();
        long base = 0;
        while (base < realm.unprotected) {
            long x0 = rmm.ripas.init(realm.rd, base, realm.unprotected, out);
            if (x0 != Rmi.SUCCESS) {
                return x0;
            }
            base = out.x1;
        }
        return Rmi.SUCCESS;
    }

    /// Takes the tables apart, lowest first, with the pages in them.
    @Override
    public long teardown(TableWork work) {
        while (work.frames.size() < work.frames.capacity()) {
            long lowest = rmm.inspection.lowestTable(realm.rd);
            if (lowest == Inspection.NONE) {
                return Status.OK;
            }
            if (!takeApart(Inspection.tableIpa(lowest), Inspection.tableLevel(lowest), work)) {
                return Status.of(Status.RETRY);
            }
        }
        return Status.MORE;
    }

    private boolean takeApart(long ipa, int level, TableWork work) {
        long end = ipa + RttEntry.size(level - 1);
        PrivatePages pages = table.privatePages();
        if ((ipa & realm.unprotected) == 0) {
            for (long at = rmm.inspection.nextMapped(realm.rd, ipa, end); at < end; at = rmm.inspection
                    .nextMapped(realm.rd, at, end)) {
                if (Inspection.level(realm.see(at)) < RttEntry.PAGE_LEVEL) {
                    return pages.split(at, work.frames, work.detail); // its table is the lowest now
                }
                if (!pages.destroy(at)) {
                    return false;
                }
            }
        }
        Outputs out = realm.outputs();
        if (rmm.rtt.destroy(realm.rd, ipa, level, out) != Rmi.SUCCESS) {
            return false;
        }
        long pa = out.x1;
        realm.giveBack(pa);
        work.frames.push(pa >>> Paging.PAGE_SHIFT);
        return true;
    }

    @Override
    public void close() {
        long rd = realm.rd;
        if (rmm.realm.destroy(rd) == Rmi.SUCCESS) {
            giveBack(rd);
            giveBack(root);
            forget.accept(realm.number);
        }
    }

    private void giveBack(long pa) {
        realm.giveBack(pa);
        frames.push(pa >>> Paging.PAGE_SHIFT);
    }
}
