package org.enclosure.bench;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.core.attr.AttributeMap;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.mem.HostMemory;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What the tables of kinds and pages of a private store commit, by what the operating system says; meant for one call in a JVM. The
/// store is large, so that what the JVM commits meanwhile does not count. Stage 2 and the architecture's table are not in it, nor what
/// the host keeps of its frames whoever has them.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class MetadataBenchmark {
    private static final int GIBS = 32;
    private static final int ORDER_1G = 18;
    private static final int ORDER_2M = 9;
    private static final long PAGES = (long) GIBS << ORDER_1G;

    /// Whose code the JVM knows: none of a plugin is used.
    @Param({Plugins.ONE, Plugins.ALL}) public String plugins = Plugins.ONE;
    /// What is there of it: nothing, or all of it in pages of a size.
    @Param({RangeConversionBenchmark.EMPTY, Scene.SMALL,
            Scene.HUGE}) public String populated = RangeConversionBenchmark.EMPTY;

    private final List<AutoCloseable> open = new ArrayList<>();
    private HostMemory memory;
    private FrameAllocator frames;
    private FrameMagazine magazine;

    /// Makes the same once, so that the JVM, its compiled code and the host's record of frames are there.
    @Setup
    public void prepare() throws Exception {
        memory = HostMemory.reserve(PAGES << 12);
        frames = new FrameAllocator(memory);
        magazine = new FrameMagazine(frames);
        create();
        closeAll();
    }

    /// Releases all.
    @TearDown
    public void close() throws Exception {
        closeAll();
        magazine.drain();
        frames.close();
        memory.close();
    }

    private void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        open.clear();
    }

    private void create() {
        AttributeMap kinds = new AttributeMap(PAGES, false);
        open.add(kinds);
        kinds.set(0, PAGES, true);
        FolioMap folios = new FolioMap(PAGES, frames);
        open.add(folios);
        if (!populated.equals(RangeConversionBenchmark.EMPTY)) {
            populate(folios, populated.equals(Scene.SMALL) ? 0 : ORDER_2M);
        }
    }

    /// As for a platform that zeroes: the frames themselves are not touched.
    private void populate(FolioMap folios, int order) {
        for (long page = 0; page < PAGES; page += 1L << order) {
            if (folios.resolve(page, order, false, magazine) < 0) {
                throw new IllegalStateException("the host of a benchmark is out of frames");
            }
        }
    }

    /// The store.
    @Benchmark
    public void create(Committed committed) {
        long before = ProcessMemory.committed();
        create();
        committed.committedBytes += ProcessMemory.committed() - before;
        committed.machines += GIBS;
    }

    /// Counts the memory that the process has committed.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Committed {
        /// Bytes committed for the store.
        public long committedBytes;
        /// Its GiBs.
        public long machines;
    }
}
