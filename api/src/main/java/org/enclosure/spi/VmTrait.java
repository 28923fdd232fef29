package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// What is true of all VMs of one type. The engine decides by these, never by an architecture's name.
@API(status = EXPERIMENTAL, since = "0.1")
public enum VmTrait {
    /// The VM type has private memory at all. Without it every page is shared for ever.
    PRIVATE_MEMORY,
    /// The private half of stage 2 belongs to the backend; the engine keeps no leaves for it.
    PRIVATE_TABLE_OWNED,
    /// The shared half of stage 2 belongs to the backend.
    SHARED_TABLE_OWNED,
    /// A bit of the guest's address tells the kind of an access; without it the attribute alone decides.
    ADDRESS_TELLS_KIND,
    /// The guest has to accept a private page before it can use it.
    ACCEPT_NEEDED,
    /// The backend zeroes private pages before the guest sees them, so the engine must not pay for it.
    ZEROES_BEFORE_USE,
    /// The bytes of a page survive a conversion.
    CONTENT_KEPT,
    /// The frame stays in the tables when a page is converted; `remove` is not called for conversions.
    FRAME_STAYS,
    /// A flush is complete only when every vCPU has left the guest once: conversions kick.
    FLUSH_NEEDS_EXIT,
    /// Small mappings can be merged to a larger one.
    MERGES,
    /// Private and shared half may live in different frames.
    SPLIT_BACKING,
    /// The initial payload may be measured where it lies (source and destination are one page).
    IN_PLACE_PAYLOAD,
    /// The initial payload may be copied from a source page.
    COPIED_PAYLOAD,
    /// The guest is told when the host refuses a conversion.
    REFUSAL_TOLD,
    /// A page that the guest has stays the guest's as long as the VM lives: a memslot is neither deleted nor moved (EPERM), and
    /// the memory under it stays when its store is closed, until the VM is.
    PAGES_STAY
}
