package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// The launch of one VM, step by step. Used by one thread; no vCPU has run.
@API(status = EXPERIMENTAL, since = "0.1")
public interface LaunchSession {
    /// Does one step.
    ///
    /// @param pfn the page's frame, -1 for a range
    /// @param sourcePfn frame with the content, equal to `pfn` where the payload is measured in place, -1 for a range
    /// @return OK; RETRY, NEED_FRAMES or DENIED with nothing changed
    long page(LaunchItem item, long pfn, long sourcePfn, TableWork work);

    /// Ends the launch; vCPUs can run afterwards.
    LaunchResult finish(TableWork work);
}
