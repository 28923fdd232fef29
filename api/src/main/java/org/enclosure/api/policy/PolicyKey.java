package org.enclosure.api.policy;

import static org.apiguardian.api.API.Status.STABLE;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.apiguardian.api.API;

/// The choices that a VM offers, by the names of the command line; the first value of each is its default where the VM type
/// allows it.
@API(status = STABLE, since = "0.1")
public enum PolicyKey {
    /// Where the two halves live: one page in the store, or a host mapping for the shared half. With `split` every page starts
    /// shared, as in KVM: a VMM converts its RAM to private first.
    BACKING("in-place", "split"),
    /// What makes a conversion happen: the guest's calls and its accesses, or its calls alone.
    TRIGGER("both", "explicit"),
    /// When frames are allocated: at the first fault, or when memory is added.
    ALLOC("lazy", "prealloc"),
    /// When a page that becomes private enters the tables: at its next fault, or in the conversion.
    TABLE("fault", "conversion"),
    /// Where the initial payload comes from: a source page, or the page itself.
    PAYLOAD("copy", "in-place"),
    /// What becomes of the bytes after a conversion that the architecture has not destroyed; `discard` gives the unused half
    /// back, `scramble` overwrites so that reliance on kept content shows.
    AFTER("keep", "zero", "discard", "scramble"),
    /// The largest folio and mapping.
    PAGE("2m", "4k", "1g"),
    /// By which door pages change their kind: the call on the store; the VM's attribute call; the older calls that register a
    /// region; or the guest's request itself, carried out when its vCPU enters again. The last kind differs in what happens
    /// when the host still holds a page: `vcpu-1` tells the guest to try again, `vcpu-2a` exits again at once, `vcpu-2b` takes
    /// the pages from the guest, lets it run and exits when it touches one, `pending` does that and completes by itself when
    /// the last reference goes. [org.enclosure.api.vm.ConversionService] works with every value.
    CONVERT("store", "attributes", "region", "vcpu-1", "vcpu-2a", "vcpu-2b", "pending"),
    /// Who keeps the list of shared pages for a migration: the VMM, from an exit per change; the engine, without exits; both;
    /// or nobody, and the architecture's tables are walked.
    STATUS("exit", "list", "both", "table"),
    /// When a page that the guest takes back is unmapped from host and guest: when the conversion runs, or before the exit.
    UNMAP("late", "early"),
    /// Who makes all memory private again at a reboot: the VMM by its conversion calls, the guest at its next boot, or the
    /// engine.
    REBOOT("vmm", "guest", "engine"),
    /// Whose error numbers: the newest kernel that was read, or an older one (`docs/errors.md`, "Profiles").
    PROFILE("newest", "6.18", "6.12"),
    /// An extension that KVM has not: a dirty log of the pages of stores ([org.enclosure.api.dirty.PrivateDirtyLog]).
    PRIVATE_LOG("off", "on"),
    /// Which memslots can be created (the three kinds of slot of the discussion of August 2022): of any kind, with a mapping and
    /// perhaps a store; of host mappings alone; of a store alone; or of two stores, whose second, mapped, is the shared half.
    SLOTS("both", "hva", "gmem", "two-stores"),
    /// With split backing, who allocates a page of the shared half: whoever touches it first, or nobody but
    /// [org.enclosure.api.host.HostMapping#populate]; then a page whose private half is in use is not paid for twice by a stray
    /// touch.
    SHARED_ALLOC("touch", "explicit"),
    /// Whether a page of a store can be bound by several memslots of its VM, or a second binding is refused as KVM does.
    ALIASES("refuse", "allow");

    private final List<String> values;

    PolicyKey(String... values) {
        this.values = Arrays.asList(values);
    }

    /// The legal values, the general default first.
    public List<String> legalValues() {
        return values;
    }

    /// The name on the command line.
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
