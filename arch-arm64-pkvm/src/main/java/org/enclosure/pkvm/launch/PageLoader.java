package org.enclosure.pkvm.launch;

import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.TableWork;

/// How a VM takes a page of the payload whose content is in its frame.
@FunctionalInterface
public interface PageLoader {
    /// Takes the frame.
    ///
    /// @return OK; RETRY, NEED_FRAMES or DENIED with nothing changed
    long load(LaunchItem item, long pfn, TableWork work);
}
