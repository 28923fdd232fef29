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
    PAGE("2m", "4k");

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
        return name().toLowerCase(Locale.ROOT);
    }
}
