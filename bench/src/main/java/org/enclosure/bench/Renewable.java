package org.enclosure.bench;

/// A machine whose VM can be replaced by a new one, for benchmarks of pages that come.
interface Renewable extends AutoCloseable {
    /// Replaces the VM by a new one, which has no pages.
    void renew();

    /// Has page `page` of the guest come.
    void map(long page);

    @Override
    void close();
}
