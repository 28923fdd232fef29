package org.enclosure.snp.machine;

import java.util.concurrent.ConcurrentHashMap;

import org.enclosure.api.Paging;
import org.enclosure.snp.launch.LaunchDigest;
import org.enclosure.snp.launch.PageType;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.spi.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/// The firmware's commands on guests (SEV-SNP firmware ABI 56860, chapter 8): each checks in the order of the document and answers
/// a [FirmwareCode]. Any thread; commands of one guest wait for one another, as they do at the processor's mailbox.
public final class SecureProcessor {
    /// Answer of [#state] for a page that is no context.
    public static final int NO_GUEST = -1;

    private static final long POLICY_MUST_BE_ONE = 1L << 17;
    private static final long MAX_CPUID_RECORDS = 64;
    private static final long SECRETS_VERSION = 3;
    private static final int SECRETS_KEYS = 0x20;
    private static final int SECRETS_KEYS_END = 0xa0;

    private final FirmwarePages pages;
    private final FirmwareEntries entries;
    private final PhysicalMemory memory;
    private final ConcurrentHashMap<Long, GuestContext> guests = new ConcurrentHashMap<>();
    private volatile boolean initialised = true; // ORDERING: written by setInitialised, partner isInitialised

    SecureProcessor(FirmwarePages pages, FirmwareEntries entries, PhysicalMemory memory) {
        this.pages = pages;
        this.entries = entries;
        this.memory = memory;
    }

    boolean isInitialised() {
        return initialised;
    }

    /// Without initialisation there are no guests.
    void setInitialised(boolean value) {
        initialised = value;
        guests.clear();
    }

    /// SNP_GCTX_CREATE.
    public int createGuest(long context) {
        if (!initialised) {
            return FirmwareCode.INVALID_PLATFORM_STATE;
        }
        int code = pages.createContext(context);
        if (code == FirmwareCode.SUCCESS) {
            guests.put(context, new GuestContext());
        }
        return code;
    }

    /// SNP_DECOMMISSION: forgets a guest; its context page is the firmware's, its ASID free.
    public int decommission(long context) {
        if (guests.remove(context) == null) {
            return FirmwareCode.INVALID_GUEST;
        }
        return pages.decommission(context);
    }

    /// SNP_LAUNCH_START.
    ///
    /// @param imi whether the guest takes pages of the initial migration image alone
    public int launchStart(long context, long policy, boolean imi) {
        GuestContext guest = guests.get(context);
        if (guest == null) {
            return FirmwareCode.INVALID_GUEST;
        }
        synchronized (guest) {
            if (guest.state != GuestContext.INIT) {
                return FirmwareCode.INVALID_GUEST_STATE;
            }
            if ((policy & POLICY_MUST_BE_ONE) == 0) {
                return FirmwareCode.INVALID_PARAM;
            }
            guest.policy = policy;
            guest.imi = imi;
            guest.digest = new LaunchDigest();
            guest.state = GuestContext.LAUNCH;
            return FirmwareCode.SUCCESS;
        }
    }

    /// SNP_ACTIVATE: gives a guest an ASID.
    public int activate(long context, long asid) {
        GuestContext guest = guests.get(context);
        if (guest == null) {
            return FirmwareCode.INVALID_GUEST;
        }
        if (asid <= 0 || asid > RmpEntry.MAX_ASID) {
            return FirmwareCode.INVALID_ASID;
        }
        synchronized (guests) {
            for (GuestContext other : guests.values()) {
                if (other.asid == asid && !other.equals(guest)) {
                    return FirmwareCode.ASID_OWNED;
                }
            }
            synchronized (guest) {
                if (guest.state == GuestContext.INIT) {
                    return FirmwareCode.INVALID_GUEST_STATE;
                }
                guest.asid = asid;
                return FirmwareCode.SUCCESS;
            }
        }
    }

    /// SNP_LAUNCH_UPDATE: one page of 4K or 2M becomes the guest's, validated and measured. The address that is measured is the
    /// one in the RMP.
    ///
    /// @param imi whether the page belongs to the initial migration image
    /// @param masks permissions of VMPL 1, 2 and 3 in bits 7:0, 15:8 and 23:16
    public int launchUpdate(long context, long spa, boolean large, int type, boolean imi, long masks) {
        if (!initialised) {
            return FirmwareCode.INVALID_PLATFORM_STATE;
        }
        GuestContext guest = guests.get(context);
        long bytes = large ? Paging.PAGES_PER_2M << Paging.PAGE_SHIFT : Paging.PAGE_SIZE;
        if ((spa & bytes - 1) != 0 || !memory.contains(spa, bytes)) {
            return FirmwareCode.INVALID_ADDRESS;
        }
        if (guest == null) {
            return FirmwareCode.INVALID_GUEST;
        }
        synchronized (guest) {
            if (guest.state != GuestContext.LAUNCH) {
                return FirmwareCode.INVALID_GUEST_STATE;
            }
            int code = pages.check(guest.asid, spa, large, type, masks, guest.imi && !imi);
            if (code == FirmwareCode.SUCCESS && type == PageType.CPUID) {
                code = checkCpuid(spa);
            }
            if (code == FirmwareCode.SUCCESS) {
                code = pages.commit(spa, type, masks);
            }
            if (code == FirmwareCode.SUCCESS) {
                fill(spa, bytes, type);
                measure(guest.digest, spa, bytes, type, imi, (int) masks);
            }
            return code;
        }
    }

    /// A page with too many records is corrected: that is what the host tries again with.
    private int checkCpuid(long spa) {
        if ((memory.getLong(spa) & 0xffff_ffffL) <= MAX_CPUID_RECORDS) {
            return FirmwareCode.SUCCESS;
        }
        memory.putLong(spa, MAX_CPUID_RECORDS);
        return FirmwareCode.INVALID_PARAM;
    }

    /// What the firmware writes itself: zeroes, or the secrets page in its version 3, whose keys are a function of the address.
    private void fill(long spa, long bytes, int type) {
        if (type != PageType.ZERO && type != PageType.SECRETS) {
            return;
        }
        memory.zero(spa, bytes);
        if (type == PageType.SECRETS) {
            memory.putLong(spa, SECRETS_VERSION);
            for (int at = SECRETS_KEYS; at < SECRETS_KEYS_END; at += Long.BYTES) {
                memory.putLong(spa + at, Ciphertext.of(at, spa, 0));
            }
        }
    }

    private void measure(LaunchDigest digest, long spa, long bytes, int type, boolean imi, int masks) {
        byte[] page = new byte[(int) Paging.PAGE_SIZE];
        long pfn = spa >>> Paging.PAGE_SHIFT;
        for (long done = 0; done < bytes; done += Paging.PAGE_SIZE) {
            for (int i = 0; i < page.length; i++) {
                page[i] = memory.getByte(spa + done + i);
            }
            long gpa = RmpTable.gpa(entries.lo(pfn), pfn + (done >>> Paging.PAGE_SHIFT));
            digest.extend(type, gpa, page, imi, masks);
        }
    }

    /// SNP_LAUNCH_FINISH: the guest may run.
    public int launchFinish(long context) {
        GuestContext guest = guests.get(context);
        if (guest == null) {
            return FirmwareCode.INVALID_GUEST;
        }
        synchronized (guest) {
            if (guest.state != GuestContext.LAUNCH) {
                return FirmwareCode.INVALID_GUEST_STATE;
            }
            guest.state = GuestContext.RUNNING;
            return FirmwareCode.SUCCESS;
        }
    }

    /// The state of the guest of a context page: 0 INIT, 1 LAUNCH, 2 RUNNING, or [#NO_GUEST].
    public int state(long context) {
        GuestContext guest = guests.get(context);
        if (guest == null) {
            return NO_GUEST;
        }
        synchronized (guest) {
            return guest.state;
        }
    }

    /// The ASID of the guest of a context page; 0 if it has none.
    public long asid(long context) {
        GuestContext guest = guests.get(context);
        if (guest == null) {
            return 0;
        }
        synchronized (guest) {
            return guest.asid;
        }
    }

    /// The launch digest so far, or null if there is no guest.
    public byte @Nullable [] digest(long context) {
        GuestContext guest = guests.get(context);
        if (guest == null) {
            return null;
        }
        synchronized (guest) {
            return guest.digest.digest();
        }
    }
}
