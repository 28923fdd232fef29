package org.enclosure.cca.host;

import org.enclosure.api.Paging;
import org.enclosure.cca.launch.LaunchTarget;
import org.enclosure.cca.machine.Outputs;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// The commands of a launch.
final class LaunchCalls implements LaunchTarget {
    private final Realm realm;
    private final CcaVm vm;
    /// How far a range has come whose tables had to be asked for.
    private long reached = -1;

    LaunchCalls(Realm realm, CcaVm vm) {
        this.realm = realm;
        this.vm = vm;
    }

    @Override
    public long ram(long base, long top, TableWork work) {
        Outputs out = realm.outputs();
        long at = reached > base && reached < top ? reached : base;
        while (at < top) {
            long x0 = realm.rmm.ripas.init(realm.rd, at, top, out);
            if (x0 == Rmi.SUCCESS) {
                at = out.x1;
                continue;
            }
            if (!Rmi.isRtt(x0) || Rmi.index(x0) == RttEntry.PAGE_LEVEL) {
                return x0 == Rmi.CONTENDED ? Status.of(Status.RETRY)
                        : realm.denied(at >>> Paging.PAGE_SHIFT, -1, x0, work.detail);
            }
            if (work.frames.size() == 0) {
                reached = at;
                return Status.needFrames(1);
            }
            long status = realm.addTable(at, Rmi.index(x0) + 1, work.frames, work.detail);
            if (status != Status.OK) {
                reached = at;
                return status;
            }
        }
        reached = -1;
        return Status.OK;
    }

    @Override
    public long page(long gfn, long pfn, long sourcePfn, long flags, TableWork work) {
        long ipa = gfn << Paging.PAGE_SHIFT;
        long status = realm.ensure(ipa, RttEntry.PAGE_LEVEL, work.frames, work.detail);
        if (status != Status.OK) {
            return status;
        }
        if (realm.owners.claim(pfn, realm.number) != FrameOwners.NOBODY) {
            return realm.denied(gfn, pfn, Rmi.ERROR_INPUT, work.detail);
        }
        long pa = pfn << Paging.PAGE_SHIFT;
        long x0 = realm.rmm.granule.delegate(pa);
        if (x0 == Rmi.SUCCESS) {
            x0 = realm.rmm.data.create(realm.rd, pa, ipa, sourcePfn << Paging.PAGE_SHIFT, flags);
            if (x0 == Rmi.SUCCESS) {
                return Status.OK;
            }
            realm.giveBack(pa);
        }
        realm.owners.release(pfn);
        return x0 == Rmi.CONTENDED ? Status.of(Status.RETRY) : realm.denied(gfn, pfn, x0, work.detail);
    }

    @Override
    public long activate() {
        return vm.activate();
    }

    @Override
    public byte[] measurement() {
        return realm.rmm.measurements.read(realm.rd, 0);
    }

    @Override
    public int hash() {
        return realm.rmm.measurements.hash(realm.rd);
    }
}
