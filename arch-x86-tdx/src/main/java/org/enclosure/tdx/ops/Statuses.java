package org.enclosure.tdx.ops;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.spi.Operation.StatusName;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.TdxStatus;

/// Names of the status values, by group of leaves.
final class Statuses {
    /// Of leaves on physical pages.
    static final List<StatusName> PHYSICAL = List.of(name("TDX_SUCCESS", TdxStatus.SUCCESS),
            name("TDX_OPERAND_INVALID_RCX", TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX)),
            name("TDX_OPERAND_ADDR_RANGE_ERROR_RCX", TdxStatus.of(TdxStatus.OPERAND_ADDR_RANGE_ERROR, OperandId.RCX)),
            name("TDX_OPERAND_BUSY_RCX", TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.RCX)),
            name("TDX_PAGE_METADATA_INCORRECT_RCX", TdxStatus.of(TdxStatus.PAGE_METADATA_INCORRECT, OperandId.RCX)),
            name("TDX_TD_ASSOCIATED_PAGES_EXIST", TdxStatus.TD_ASSOCIATED_PAGES_EXIST),
            name("TDX_LIFECYCLE_STATE_INCORRECT", TdxStatus.LIFECYCLE_STATE_INCORRECT),
            name("TDX_TDMR_ALREADY_INITIALIZED", TdxStatus.TDMR_ALREADY_INITIALIZED));

    /// Of leaves on a TD as a whole.
    static final List<StatusName> TD = plus(PHYSICAL,
            name("TDX_OPERAND_INVALID_RDX", TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RDX)),
            name("TDX_OPERAND_ADDR_RANGE_ERROR_RDX", TdxStatus.of(TdxStatus.OPERAND_ADDR_RANGE_ERROR, OperandId.RDX)),
            name("TDX_OPERAND_BUSY_RDX", TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.RDX)),
            name("TDX_OPERAND_BUSY_OP_STATE", TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.OP_STATE)),
            name("TDX_OPERAND_BUSY_TD_EPOCH", TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.TD_EPOCH)),
            name("TDX_OPERAND_INVALID_ATTRIBUTES", TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.ATTRIBUTES)),
            name("TDX_OPERAND_INVALID_EPTP_CONTROLS", TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.EPTP_CONTROLS)),
            name("TDX_OPERAND_INVALID_MAX_VCPUS", TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.MAX_VCPUS)),
            name("TDX_OPERAND_INVALID_TSC_FREQUENCY", TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.TSC_FREQUENCY)),
            name("TDX_PAGE_METADATA_INCORRECT_RDX", TdxStatus.of(TdxStatus.PAGE_METADATA_INCORRECT, OperandId.RDX)),
            name("TDX_TD_FATAL", TdxStatus.TD_FATAL),
            name("TDX_TD_KEYS_NOT_CONFIGURED", TdxStatus.TD_KEYS_NOT_CONFIGURED),
            name("TDX_TDCS_NOT_ALLOCATED", TdxStatus.TDCS_NOT_ALLOCATED),
            name("TDX_TDCX_NUM_INCORRECT", TdxStatus.TDCX_NUM_INCORRECT),
            name("TDX_OP_STATE_INCORRECT", TdxStatus.OP_STATE_INCORRECT), name("TDX_NO_VCPUS", TdxStatus.NO_VCPUS),
            name("TDX_HKID_NOT_FREE", TdxStatus.HKID_NOT_FREE), name("TDX_KEY_CONFIGURED", TdxStatus.KEY_CONFIGURED),
            name("TDX_FLUSHVP_NOT_DONE", TdxStatus.FLUSHVP_NOT_DONE),
            name("TDX_WBCACHE_NOT_COMPLETE", TdxStatus.WBCACHE_NOT_COMPLETE),
            name("TDX_VCPU_STATE_INCORRECT", TdxStatus.VCPU_STATE_INCORRECT),
            name("TDX_MAX_VCPUS_EXCEEDED", TdxStatus.MAX_VCPUS_EXCEEDED),
            name("TDX_OPERAND_BUSY_TDR", TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.TDR)),
            name("TDX_PREVIOUS_TLB_EPOCH_BUSY", TdxStatus.PREVIOUS_TLB_EPOCH_BUSY));

    /// Of leaves on a guest page.
    static final List<StatusName> MEMORY = plus(TD,
            name("TDX_OPERAND_INVALID_R8", TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.R8)),
            name("TDX_OPERAND_INVALID_R9", TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.R9)),
            name("TDX_OPERAND_ADDR_RANGE_ERROR_R8", TdxStatus.of(TdxStatus.OPERAND_ADDR_RANGE_ERROR, OperandId.R8)),
            name("TDX_OPERAND_BUSY_R8", TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.R8)),
            name("TDX_OPERAND_BUSY_SEPT_TREE", TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.SEPT_TREE)),
            name("TDX_PAGE_METADATA_INCORRECT_R8", TdxStatus.of(TdxStatus.PAGE_METADATA_INCORRECT, OperandId.R8)),
            name("TDX_TD_NON_DEBUG", TdxStatus.TD_NON_DEBUG),
            name("TDX_EPT_WALK_FAILED", TdxStatus.of(TdxStatus.EPT_WALK_FAILED, OperandId.RCX)),
            name("TDX_EPT_ENTRY_NOT_PRESENT_RCX", TdxStatus.of(TdxStatus.EPT_ENTRY_NOT_PRESENT, OperandId.RCX)),
            name("TDX_EPT_ENTRY_NOT_PRESENT", TdxStatus.EPT_ENTRY_NOT_PRESENT),
            name("TDX_EPT_ENTRY_STATE_INCORRECT", TdxStatus.of(TdxStatus.EPT_ENTRY_STATE_INCORRECT, OperandId.RCX)),
            name("TDX_GPA_RANGE_NOT_BLOCKED", TdxStatus.of(TdxStatus.GPA_RANGE_NOT_BLOCKED, OperandId.RCX)),
            name("TDX_GPA_RANGE_ALREADY_BLOCKED", TdxStatus.of(TdxStatus.GPA_RANGE_ALREADY_BLOCKED, OperandId.RCX)),
            name("TDX_TLB_TRACKING_NOT_DONE", TdxStatus.of(TdxStatus.TLB_TRACKING_NOT_DONE, OperandId.RCX)),
            name("TDX_TLB_TRACKING_NOT_DONE_SEPT_TREE",
                    TdxStatus.of(TdxStatus.TLB_TRACKING_NOT_DONE, OperandId.SEPT_TREE)),
            name("TDX_EPT_INVALID_PROMOTE_CONDITIONS",
                    TdxStatus.of(TdxStatus.EPT_INVALID_PROMOTE_CONDITIONS, OperandId.RCX)),
            name("TDX_EPT_PAGE_NOT_FREE", TdxStatus.of(TdxStatus.EPT_PAGE_NOT_FREE, OperandId.RCX)),
            name("TDX_OPERAND_INVALID_GPA_LIST_ENTRY",
                    TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.GPA_LIST_ENTRY)));

    /// Of TDH.IMPORT.MEM; those that end the import carry the fatal bit, unless the TD runs.
    static final List<StatusName> IMPORT = plus(MEMORY,
            name("TDX_OPERAND_INVALID_R13", TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.R13)),
            entry("TDX_OPERAND_INVALID_GPA_LIST_ENTRY_FATAL", TdxStatus.OPERAND_INVALID),
            entry("TDX_EPT_WALK_FAILED_FATAL", TdxStatus.EPT_WALK_FAILED),
            entry("TDX_OPERAND_BUSY_GPA_LIST_ENTRY_FATAL", TdxStatus.OPERAND_BUSY),
            entry("TDX_EPT_ENTRY_STATE_INCORRECT_FATAL", TdxStatus.EPT_ENTRY_STATE_INCORRECT),
            entry("TDX_MIGRATED_IN_CURRENT_EPOCH_FATAL", TdxStatus.MIGRATED_IN_CURRENT_EPOCH),
            entry("TDX_DISALLOWED_IMPORT_OVER_REMOVED_FATAL", TdxStatus.DISALLOWED_IMPORT_OVER_REMOVED),
            entry("TDX_IMPORT_MISMATCH_FATAL", TdxStatus.IMPORT_MISMATCH));

    /// Of TDH.PHYMEM.CACHE.WB.
    static final List<StatusName> CACHE = List.of(name("TDX_SUCCESS", TdxStatus.SUCCESS),
            name("TDX_OPERAND_INVALID_RCX", TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX)),
            name("TDX_NO_HKID_READY_TO_WBCACHE", TdxStatus.NO_HKID_READY_TO_WBCACHE),
            name("TDX_WBCACHE_RESUME_ERROR", TdxStatus.WBCACHE_RESUME_ERROR));

    /// Of TDG.MEM.PAGE.ACCEPT.
    static final List<StatusName> ACCEPT = List.of(name("TDX_SUCCESS", TdxStatus.SUCCESS),
            name("TDX_OPERAND_INVALID_RCX", TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX)),
            name("TDX_OPERAND_BUSY_RCX", TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.RCX)),
            name("TDX_OPERAND_BUSY_SEPT_TREE", TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.SEPT_TREE)),
            name("TDX_OPERAND_BUSY_HOST_PRIORITY", TdxStatus.of(TdxStatus.OPERAND_BUSY_HOST_PRIORITY, OperandId.RCX)),
            name("TDX_PAGE_ALREADY_ACCEPTED_4K", TdxStatus.PAGE_ALREADY_ACCEPTED),
            name("TDX_PAGE_ALREADY_ACCEPTED_2M", TdxStatus.of(TdxStatus.PAGE_ALREADY_ACCEPTED, 1)),
            name("TDX_PAGE_ALREADY_ACCEPTED_1G", TdxStatus.of(TdxStatus.PAGE_ALREADY_ACCEPTED, 2)),
            name("TDX_PAGE_SIZE_MISMATCH_4K", TdxStatus.PAGE_SIZE_MISMATCH),
            name("TDX_PAGE_SIZE_MISMATCH_2M", TdxStatus.of(TdxStatus.PAGE_SIZE_MISMATCH, 1)));

    /// Of an access of the guest.
    static final List<StatusName> ACCESS = List.of(name("OK", 0), name("VE", 1), name("TDEXIT", 2));

    /// Of what cannot fail.
    static final List<StatusName> DONE = List.of(name("DONE", 0));

    private Statuses() {
    }

    private static StatusName name(String name, long value) {
        return new StatusName(name, value);
    }

    private static StatusName entry(String name, long value) {
        return name(name, TdxStatus.of(value | TdxStatus.FATAL, OperandId.GPA_LIST_ENTRY));
    }

    private static List<StatusName> plus(List<StatusName> some, StatusName... more) {
        List<StatusName> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
