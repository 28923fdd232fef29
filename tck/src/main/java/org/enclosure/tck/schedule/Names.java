package org.enclosure.tck.schedule;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/// Names of the objects and of the memory of one run that are the same in every run of the race.
///
/// An object is named by who made it, as which one, and by its class; what was made before the threads start has the same name in
/// every run, because the scene is made by one thread. An object that nobody has announced shares its name with all others of its
/// class: that may make two words one, never one word two. Memory is named by its reservation and the offset in it.
///
/// For one thread at a time.
final class Names {
    private static final ThreadLocal<@Nullable Names> CURRENT = new ThreadLocal<>();
    private static final int MOST_MAKERS = 8;
    private static final int FIRST_SIZE = 1 << 13;
    private static final int REGIONS = 64;

    private @Nullable Object[] objects = new Object[FIRST_SIZE];
    private long[] names = new long[FIRST_SIZE];
    private int size;
    private int inConstants;
    private final int[] made = new int[MOST_MAKERS];
    private long[] regionNames = new long[REGIONS];
    private long[] starts = new long[REGIONS];
    private long[] ends = new long[REGIONS];
    private int regions;

    /// The names for what the calling thread makes, if it makes a scene.
    static @Nullable Names current() {
        return CURRENT.get();
    }

    /// From now on the calling thread makes a scene.
    static Names begin() {
        Names names = new Names();
        CURRENT.set(names);
        return names;
    }

    /// The scene is made.
    static void end() {
        CURRENT.remove();
    }

    /// A class is initialized, or is no more: its constants are there in the next run, too, so they get no name in this one.
    void inConstants(int more) {
        inConstants += more;
    }

    boolean isInConstants() {
        return inConstants > 0;
    }

    /// Names an object, if it has no name.
    ///
    /// @param maker 0 for the scene, i + 1 for thread i
    void born(Object object, int maker) {
        if (inConstants > 0) {
            return;
        }
        int at = find(object);
        if (objects[at] == null) {
            long number = (long) (maker + 1) << 32 | made[maker]++;
            put(at, object, mix(number, object.getClass().getName().hashCode()));
        }
    }

    /// Memory was reserved.
    ///
    /// @param maker as for [#born(Object, int)]
    void region(long address, long bytes, int maker) {
        if (regions == starts.length) {
            regionNames = Arrays.copyOf(regionNames, 2 * regions);
            starts = Arrays.copyOf(starts, 2 * regions);
            ends = Arrays.copyOf(ends, 2 * regions);
        }
        regionNames[regions] = mix((long) (maker + 1) << 32 | made[maker]++, bytes);
        starts[regions] = address;
        ends[regions++] = address + bytes;
    }

    /// The name of an object.
    long of(Object object) {
        int at = find(object);
        if (objects[at] == null) {
            put(at, object, mix(0, object.getClass().getName().hashCode()));
            return names[find(object)];
        }
        return names[at];
    }

    /// The name of eight bytes of memory; memory that nobody has reserved has one name.
    long ofMemory(long address) {
        for (int i = regions - 1; i >= 0; i--) {
            if (address >= starts[i] && address < ends[i]) {
                return mix(regionNames[i], address - starts[i] >>> 3);
            }
        }
        return -1;
    }

    private int find(Object object) {
        int mask = objects.length - 1;
        int at = System.identityHashCode(object) & mask;
        while (objects[at] != null && !isSame(objects[at], object)) {
            at = at + 1 & mask;
        }
        return at;
    }

    @SuppressWarnings("ReferenceEquality") // names are for identities
    private static boolean isSame(@Nullable Object one, Object other) {
        return one == other;
    }

    private void put(int at, Object object, long name) {
        objects[at] = object;
        names[at] = name;
        if (++size * 2 > objects.length) {
            grow();
        }
    }

    private void grow() {
        @Nullable Object[] oldObjects = objects;
        long[] oldNames = names;
        objects = new Object[2 * oldObjects.length];
        names = new long[2 * oldNames.length];
        for (int i = 0; i < oldObjects.length; i++) {
            Object object = oldObjects[i];
            if (object != null) {
                int at = find(object);
                objects[at] = object;
                names[at] = oldNames[i];
            }
        }
    }

    /// Two numbers made one, well spread.
    static long mix(long one, long other) {
        long mixed = (one ^ Long.rotateLeft(other * 0x9e37_79b9_7f4a_7c15L, 31)) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 29) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 32;
    }
}
