package org.enclosure.api.exit;

import static org.apiguardian.api.API.Status.STABLE;

import org.apiguardian.api.API;

/// What a VMM wants after an exit.
@API(status = STABLE, since = "0.1")
public enum ExitAction {
    /// Go on. A request that the handler has not answered itself is decided by the VM's policy.
    RESUME,
    /// End the run; `run` returns this exit.
    STOP
}
