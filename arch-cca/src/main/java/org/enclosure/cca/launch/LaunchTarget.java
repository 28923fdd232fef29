package org.enclosure.cca.launch;

import org.enclosure.spi.TableWork;

/// The realm that is launched.
public interface LaunchTarget {
    /// Makes a range RAM.
    ///
    /// @return OK; RETRY, NEED_FRAMES or DENIED
    long ram(long base, long top, TableWork work);

    /// Adds a page with the content of a frame of the host's.
    ///
    /// @return OK; RETRY, NEED_FRAMES or DENIED with nothing changed
    long page(long gfn, long pfn, long sourcePfn, long flags, TableWork work);

    /// Adds the RECs and activates the realm.
    ///
    /// @return x0 of the command that failed, or SUCCESS
    long activate();

    /// The realm initial measurement, padded.
    byte[] measurement();

    /// Its hash algorithm.
    int hash();
}
