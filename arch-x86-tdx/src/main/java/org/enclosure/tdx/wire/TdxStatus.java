package org.enclosure.tdx.wire;

/// Completion status words: what a leaf leaves in RAX.
///
/// ```
///  63  62  61  60  59    48 47      40 39        32 31            0
/// +---+---+---+---+--------+----------+------------+---------------+
/// |ERR|NRC|FTL|HRH|   0    |  class   | details L1 |  details L2   |
/// +---+---+---+---+--------+----------+------------+---------------+
/// ```
///
/// ERR error, NRC not recoverable, FTL fatal for the TD, HRH host recoverability hint. Details L2 is mostly the number of the operand
/// that the status is about: [#of(long, int)] adds it. A word without ERR can still be a warning.
public final class TdxStatus {
    /// Done.
    public static final long SUCCESS = 0;
    /// The TD is dead; only VP.ENTER says so.
    public static final long NON_RECOVERABLE_TD = 0x6000_0002_0000_0000L;
    /// Nothing was done; call again.
    public static final long INTERRUPTED_RESTARTABLE = 0x8000_0004_0000_0000L;
    /// An operand is illegal.
    public static final long OPERAND_INVALID = 0xc000_0100_0000_0000L;
    /// An address lies in no initialised TDMR block.
    public static final long OPERAND_ADDR_RANGE_ERROR = 0xc000_0101_0000_0000L;
    /// An operand is locked by another call.
    public static final long OPERAND_BUSY = 0x8000_0200_0000_0000L;
    /// A vCPU that entered in the previous epoch is still inside.
    public static final long PREVIOUS_TLB_EPOCH_BUSY = 0x8000_0201_0000_0000L;
    /// The host met the locked entry before; it comes first.
    public static final long OPERAND_BUSY_HOST_PRIORITY = 0x8000_0204_0000_0000L;
    /// A physical page has the wrong type.
    public static final long PAGE_METADATA_INCORRECT = 0xc000_0300_0000_0000L;
    /// Pages are still assigned to the TD.
    public static final long TD_ASSOCIATED_PAGES_EXIST = 0xc000_0400_0000_0000L;
    /// The TD was ended by a fatal error.
    public static final long TD_FATAL = 0xe000_0604_0000_0000L;
    /// The TD is not a debug TD.
    public static final long TD_NON_DEBUG = 0xc000_0605_0000_0000L;
    /// The TD has fewer control pages than it needs.
    public static final long TDCS_NOT_ALLOCATED = 0xc000_0606_0000_0000L;
    /// The TD's lifecycle does not allow the call.
    public static final long LIFECYCLE_STATE_INCORRECT = 0xc000_0607_0000_0000L;
    /// The TD's operation state does not allow the call.
    public static final long OP_STATE_INCORRECT = 0xc000_0608_0000_0000L;
    /// The TD has no vCPU.
    public static final long NO_VCPUS = 0xc000_0609_0000_0000L;
    /// The TD has all control pages that it can have.
    public static final long TDCX_NUM_INCORRECT = 0xc000_0610_0000_0000L;
    /// The vCPU is initialised already.
    public static final long VCPU_STATE_INCORRECT = 0xc000_0700_0000_0000L;
    /// The TD has as many vCPUs as its parameters allow.
    public static final long MAX_VCPUS_EXCEEDED = 0xc000_0705_0000_0000L;
    /// There is no valid #VE information.
    public static final long NO_VALID_VE_INFO = 0xc000_0704_0000_0000L;
    /// The TD's key is not configured.
    public static final long TD_KEYS_NOT_CONFIGURED = 0x8000_0810_0000_0000L;
    /// Lines of the key may still be in the caches.
    public static final long WBCACHE_NOT_COMPLETE = 0x8000_0817_0000_0000L;
    /// Warning: no key waits for the caches to be written back.
    public static final long NO_HKID_READY_TO_WBCACHE = 0x0000_0821_0000_0000L;
    /// No interrupted write-back can be resumed.
    public static final long WBCACHE_RESUME_ERROR = 0xc000_0823_0000_0000L;
    /// A vCPU was not flushed.
    public static final long FLUSHVP_NOT_DONE = 0x8000_0824_0000_0000L;
    /// Warning: the key is configured already.
    public static final long KEY_CONFIGURED = 0x0000_0815_0000_0000L;
    /// The key number is in use.
    public static final long HKID_NOT_FREE = 0xc000_0820_0000_0000L;
    /// Warning: the TDMR is initialised completely.
    public static final long TDMR_ALREADY_INITIALIZED = 0x0000_0a03_0000_0000L;
    /// The walk ends above the level that was asked for.
    public static final long EPT_WALK_FAILED = 0xc000_0b00_0000_0000L;
    /// No page that can be used is mapped.
    public static final long EPT_ENTRY_NOT_PRESENT = 0xc000_0b03_0000_0000L;
    /// The entry has to be blocked first.
    public static final long GPA_RANGE_NOT_BLOCKED = 0xc000_0b06_0000_0000L;
    /// Warning: the entry is blocked already.
    public static final long GPA_RANGE_ALREADY_BLOCKED = 0x0000_0b07_0000_0000L;
    /// A vCPU may still hold the old translation.
    public static final long TLB_TRACKING_NOT_DONE = 0xc000_0b08_0000_0000L;
    /// The children cannot become one page.
    public static final long EPT_INVALID_PROMOTE_CONDITIONS = 0xc000_0b09_0000_0000L;
    /// Warning: the page is accepted already; its level is in the low bits.
    public static final long PAGE_ALREADY_ACCEPTED = 0x0000_0b0a_0000_0000L;
    /// The page is mapped in another size.
    public static final long PAGE_SIZE_MISMATCH = 0xc000_0b0b_0000_0000L;
    /// The entry's state does not allow the call.
    public static final long EPT_ENTRY_STATE_INCORRECT = 0xc000_0b0d_0000_0000L;
    /// The table has an entry that is not free.
    public static final long EPT_PAGE_NOT_FREE = 0xc000_0b0e_0000_0000L;

    /// A page that is not accepted cannot replace one that is.
    public static final long IMPORT_MISMATCH = 0xc000_0e0c_0000_0000L;
    /// The page came in the present migration epoch already.
    public static final long MIGRATED_IN_CURRENT_EPOCH = 0xc000_0e10_0000_0000L;
    /// The page was removed in the present migration epoch.
    public static final long DISALLOWED_IMPORT_OVER_REMOVED = 0xc000_0e11_0000_0000L;
    /// The bit of a status that ends the TD.
    public static final long FATAL = 1L << 61;

    private TdxStatus() {
    }

    /// A status about an operand, a constant of [OperandId].
    public static long of(long status, int operand) {
        return status | operand;
    }

    /// Whether the call failed; warnings are no failures.
    public static boolean isError(long status) {
        return status < 0;
    }

    /// Whether nothing can be done about it.
    public static boolean isNonRecoverable(long status) {
        return (status & 1L << 62) != 0;
    }

    /// Whether the TD is lost.
    public static boolean isFatal(long status) {
        return (status & 1L << 61) != 0;
    }

    /// Whether the host could recover by other means.
    public static boolean hasHostHint(long status) {
        return (status & 1L << 60) != 0;
    }

    /// The class of a status.
    public static int classOf(long status) {
        return (int) (status >>> 40) & 0xff;
    }

    /// The code within its class.
    public static int detailsL1(long status) {
        return (int) (status >>> 32) & 0xff;
    }

    /// The low word: an operand, a level or a count.
    public static long detailsL2(long status) {
        return status & 0xffff_ffffL;
    }

    /// The status without its low word.
    public static long kind(long status) {
        return status & 0xffff_ffff_0000_0000L;
    }

    /// Whether a lock was held by another call, so that calling again can help.
    public static boolean isBusy(long status) {
        return kind(status) == OPERAND_BUSY || kind(status) == OPERAND_BUSY_HOST_PRIORITY;
    }
}
