package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// Dirty set, status and epoch, taken together. A VMM that reads them one after the other sends pages with an old status ("KVM:
/// x86: Introduce KVM_GET_SHARED_PAGES_LIST ioctl", v10, March 2021, the three scenarios; `docs/migration.md`).
///
/// The rules that this keeps: dirty is taken before status, and status before the contents that the caller reads; a change of kind
/// makes its range dirty, in both directions, even if nobody writes.
@API(status = EXPERIMENTAL, since = "0.1")
public interface Migration {
    /// Takes one. What is reported dirty is not reported again unless it changes; reported writes are in memory. Slots with
    /// LOG_DIRTY and, with `private-log=on`, all stores report. Conversions wait; vCPUs run on. Any thread.
    MigrationSnapshot snapshot();
}
