package org.enclosure.tck.schedule;

import java.util.List;

/// A situation in which several threads act at once: made anew for each run.
public interface Race extends AutoCloseable {
    /// What the threads do, one each.
    List<Runnable> bodies();

    /// After all threads are done: fails if something is wrong.
    void check();

    @Override
    void close();
}
