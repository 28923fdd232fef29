package org.enclosure.core.hostside;

import org.enclosure.core.slot.HostPermissions;
import org.enclosure.core.slot.HostView;
import org.enclosure.core.slot.MemoryObject;

/// A mapped range of a host address space.
///
/// @param view where it lies in both
/// @param object what is mapped
/// @param permissions what may be done with which page
record Region(HostView view, MemoryObject object, HostPermissions permissions) {
    boolean contains(long hostPage) {
        return hostPage >= view.hostPage() && hostPage < view.hostPage() + view.pages();
    }

    long objectPage(long hostPage) {
        return hostPage - view.hostPage() + view.objectPage();
    }
}
