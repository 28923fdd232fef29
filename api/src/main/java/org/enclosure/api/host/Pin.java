package org.enclosure.api.host;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// A counted reference on shared pages, with access to them. A page that is pinned does not become private.
@API(status = EXPERIMENTAL, since = "0.1")
public interface Pin extends HostBytes, AutoCloseable {
    /// Who holds it.
    String holder();

    /// Gives the reference up; further access is refused. Twice is once.
    @Override
    void close();
}
