package org.enclosure.cca.launch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Paging;
import org.enclosure.cca.machine.StartLevel;
import org.enclosure.cca.wire.Features;
import org.enclosure.cca.wire.RealmParams;
import org.enclosure.cca.wire.RecParams;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchVariation;
import org.enclosure.spi.OptionValues;

/// Plans a launch as a VMM does that gives all of the protected half to the realm: everything is RAM, then the image page by
/// page, then the RECs.
public final class CcaPlanner implements LaunchPlanner {
    /// The one planner.
    public static final CcaPlanner INSTANCE = new CcaPlanner();
    /// Item type: a page; flags bit 0: its content is measured.
    public static final int TYPE_DATA = 0;
    /// Item type: a REC, whose number is the gfn.
    public static final int TYPE_REC = 1;
    /// Item type: a range that becomes RAM.
    public static final int TYPE_RIPAS = 2;
    /// Flag of a page: its content is measured.
    public static final long MEASURED = 1;

    private static final int MOST_VCPUS_TRIED = 8;

    private CcaPlanner() {
    }

    @Override
    public List<LaunchItem> plan(MemorySegment image, Map<String, String> options) {
        RealmOptions realm = RealmOptions.of(options);
        long half = 1L << realm.s2sz() - 1;
        long gpa = LaunchPlanner.imageGpa(options, half);
        long bytes = image.byteSize();
        if (bytes == 0 || !Paging.isPageAligned(bytes) || gpa > half - bytes) {
            throw new IllegalArgumentException("an image of " + bytes + " bytes cannot be loaded at gpa=0x"
                    + Long.toHexString(gpa) + "; legal is a positive multiple of 4096 that ends at or below 0x"
                    + Long.toHexString(half));
        }
        List<LaunchItem> items = new ArrayList<>();
        items.add(new LaunchItem(LaunchItem.Kind.RANGE, 0, half >>> Paging.PAGE_SHIFT, -1, TYPE_RIPAS, 0));
        for (long at = 0; at < bytes; at += Paging.PAGE_SIZE) {
            items.add(new LaunchItem(LaunchItem.Kind.PAGE, gpa + at >>> Paging.PAGE_SHIFT, 1, at, TYPE_DATA, MEASURED));
        }
        for (int rec = 0; rec < realm.recs(); rec++) {
            items.add(new LaunchItem(LaunchItem.Kind.RANGE, rec, 1, -1, TYPE_REC, RecParams.RUNNABLE));
        }
        return items;
    }

    @Override
    public LaunchResult measure(List<LaunchItem> items, MemorySegment image, Map<String, String> options) {
        RimBuilder rim = new RimBuilder(RealmOptions.of(options));
        for (LaunchItem item : items) {
            long ipa = item.gfn() << Paging.PAGE_SHIFT;
            switch (item.type()) {
                case TYPE_DATA -> rim.data(ipa, item.flags() & MEASURED, content(item, image));
                case TYPE_RIPAS -> rim.ripas(ipa, ipa + (item.npages() << Paging.PAGE_SHIFT));
                case TYPE_REC -> rec(rim, item, options);
                default -> throw new IllegalArgumentException("a realm's launch has no step of type " + item.type());
            }
        }
        return rim.result();
    }

    private static void rec(RimBuilder rim, LaunchItem item, Map<String, String> options) {
        String prefix = RealmOptions.REC_PREFIX + item.gfn() + ".";
        long[] gprs = new long[RecParams.NUM_GPRS];
        for (int i = 0; i < gprs.length; i++) {
            gprs[i] = OptionValues.pattern(options, prefix + "gpr" + i, 0);
        }
        rim.rec(item.flags(), OptionValues.pattern(options, prefix + "pc", 0), gprs);
    }

    private static byte[] content(LaunchItem item, MemorySegment image) {
        byte[] page = new byte[(int) Paging.PAGE_SIZE];
        if (item.imageOffset() >= 0) {
            MemorySegment.copy(image, item.imageOffset(), MemorySegment.ofArray(page), 0, Paging.PAGE_SIZE);
        }
        return page;
    }

    /// What people get wrong: the number of vCPUs, then what depends on the host (breakpoints, watchpoints, the width of
    /// the IPA space and with it the depth of tables), then flags and the hash algorithm.
    @Override
    public List<LaunchVariation> variations(Map<String, String> options) {
        RealmOptions realm = RealmOptions.of(options);
        List<LaunchVariation> found = new ArrayList<>();
        // a described launch has its RECs among its steps, whatever the number says
        int mostVcpus = RealmOptions.describesRecs(options) ? 0 : MOST_VCPUS_TRIED;
        for (int vcpus = 1; vcpus <= mostVcpus; vcpus++) {
            vary(found, options, RealmOptions.VCPUS, realm.recs(), vcpus);
        }
        for (int bps = 1; bps <= Features.numBps(); bps++) {
            vary(found, options, RealmOptions.NUM_BPS, realm.numBps(), bps);
        }
        for (int wps = 1; wps <= Features.numWps(); wps++) {
            vary(found, options, RealmOptions.NUM_WPS, realm.numWps(), wps);
        }
        for (int width = 32; width <= Features.s2sz(); width++) {
            Map<String, String> fresh = new HashMap<>(options);
            fresh.remove(RealmOptions.START_LEVEL);
            vary(found, fresh, RealmOptions.S2SZ, realm.s2sz(), width);
        }
        for (int level = 0; level <= 3; level++) {
            if (StartLevel.isLegal(level, realm.s2sz())) {
                vary(found, options, RealmOptions.START_LEVEL, realm.startLevel(), level);
            }
        }
        for (int flags = 0; flags <= 7; flags++) {
            vary(found, options, RealmOptions.FLAGS, (int) realm.flags(), flags);
        }
        String other = realm.hash() == RealmParams.SHA_256 ? RealmOptions.SHA_512 : RealmOptions.SHA_256;
        found.add(new LaunchVariation(RealmOptions.HASH + " is " + other,
                RealmOptions.with(options, RealmOptions.HASH, other)));
        return found;
    }

    private static void vary(List<LaunchVariation> found, Map<String, String> options, String name, int now,
            int value) {
        if (value != now) {
            found.add(new LaunchVariation(name + " is " + value + " instead of " + now,
                    RealmOptions.with(options, name, Integer.toString(value))));
        }
    }
}
