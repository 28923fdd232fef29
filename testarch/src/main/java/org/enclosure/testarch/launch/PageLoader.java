package org.enclosure.testarch.launch;

import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.TableWork;

/// How a VM type takes a page of the launch.
@FunctionalInterface
public interface PageLoader {
    /// Takes the frame and puts the content into it.
    ///
    /// @param source address of the content, the frame's own to leave it, -1 for zeroes
    /// @return OK; RETRY, NEED_FRAMES or DENIED with nothing changed
    long load(LaunchItem item, long pfn, long source, TableWork work);
}
