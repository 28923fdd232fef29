package org.enclosure.tck.random;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.store.StoreKind;
import org.enclosure.api.store.StoreOptions;

/// Arguments for the methods of the API: numbers from the edges, and objects that are there or are made of such numbers.
final class EdgeArguments {
    /// Pages of the memory that the edges are about.
    static final int PAGES = 64;
    private static final int PAGE = (int) Paging.PAGE_SIZE;

    private final Choices choices;
    private final GuestMemoryStore store;
    private final HostMapping mapping;

    EdgeArguments(Choices choices, GuestMemoryStore store, HostMapping mapping) {
        this.choices = choices;
        this.store = store;
        this.mapping = mapping;
    }

    /// An argument of a type.
    Object of(Class<?> type) {
        if (type == long.class) {
            return number();
        }
        if (type == int.class) {
            return (int) number();
        }
        if (type == boolean.class) {
            return choices.nextBoolean();
        }
        if (type == byte[].class) {
            return new byte[choices.nextInt(3) * PAGE];
        }
        if (type == String.class) {
            return choices.nextBoolean() ? "" : "fuzz";
        }
        if (type == Set.class) {
            return flags();
        }
        if (type == Map.class) {
            return choices.nextBoolean() ? Map.of() : Map.of("gpa", String.valueOf(number()));
        }
        return object(type);
    }

    private Object object(Class<?> type) {
        if (type == Memslot.class) {
            return new Memslot((int) number(), number(), number(),
                    choices.nextInt(8) == 0 ? Set.of(MemslotFlag.READONLY) : Set.of(),
                    choices.nextBoolean() ? mapping : null, number(), choices.nextBoolean() ? store : null, number());
        }
        if (type == StoreOptions.class) {
            StoreKind[] kinds = StoreKind.values();
            return new StoreOptions(number(), flags(), kinds[choices.nextInt(kinds.length)],
                    choices.nextBoolean() ? 0 : number());
        }
        if (type == GuestMemoryStore.class) {
            return store;
        }
        if (type == HostMapping.class) {
            return mapping;
        }
        if (type == MemorySegment.class) {
            return MemorySegment.ofArray(new byte[choices.nextInt(3) * PAGE + choices.nextInt(2)]);
        }
        if (type == MemoryKind.class) {
            return MemoryKind.of(choices.nextBoolean());
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[choices.nextInt(type.getEnumConstants().length)];
        }
        throw new AssertionError("the fuzzer cannot make a " + type.getName());
    }

    private Set<StoreFlag> flags() {
        EnumSet<StoreFlag> flags = EnumSet.noneOf(StoreFlag.class);
        for (StoreFlag flag : StoreFlag.values()) {
            if (choices.nextInt(4) == 0) {
                flags.add(flag);
            }
        }
        return flags;
    }

    /// A number at an edge: of a page, of the memory, of the type.
    private long number() {
        long page = choices.nextInt(2 * PAGES) * Paging.PAGE_SIZE;
        return switch (choices.nextInt(8)) {
            case 0 -> choices.nextLong();
            case 1 -> page + choices.nextInt(3) - 1;
            case 2 -> -page;
            case 3 -> 1L << choices.nextInt(64);
            case 4 -> Long.MAX_VALUE & -Paging.PAGE_SIZE;
            case 5 -> choices.nextInt(6) - 1;
            default -> page;
        };
    }
}
