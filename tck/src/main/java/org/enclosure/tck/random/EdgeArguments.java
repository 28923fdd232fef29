package org.enclosure.tck.random;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.store.StoreKind;
import org.enclosure.api.store.StoreOptions;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.PageRange;
import org.enclosure.api.vm.VmOptions;

/// Arguments of any type that the API takes, at the edges of what is legal.
///
/// @param choices what decides
/// @param type the VM type
record EdgeArguments(Choices choices, GuestMemoryStore store, HostMapping mapping, String type) {
    /// Pages of the memory that the edges are about.
    static final int PAGES = 64;
    private static final int PAGE = (int) Paging.PAGE_SIZE;

    Object of(Class<?> wanted) {
        if (wanted == long.class) {
            return number();
        }
        if (wanted == int.class) {
            return (int) number();
        }
        if (wanted == boolean.class) {
            return choices.nextBoolean();
        }
        if (wanted == byte[].class) {
            return new byte[choices.nextInt(3) * PAGE];
        }
        if (wanted == long[].class) {
            return new long[choices.nextInt(3)];
        }
        if (wanted == String.class) {
            return choices.nextBoolean() ? "" : "fuzz";
        }
        if (wanted == Set.class) {
            return flags();
        }
        if (wanted == Map.class) {
            return choices.nextBoolean() ? Map.of() : Map.of("gpa", String.valueOf(number()));
        }
        if (wanted == List.class) {
            return IntStream.range(0, choices.nextInt(3)).mapToObj(i -> new PageRange(number(), number())).toList();
        }
        return wanted.isEnum() ? wanted.getEnumConstants()[choices.nextInt(wanted.getEnumConstants().length)]
                : object(wanted);
    }

    private Object object(Class<?> wanted) {
        if (wanted == Memslot.class) {
            return new Memslot((int) number(), number(), number(), slotFlags(), choices.nextBoolean() ? mapping : null,
                    number(), choices.nextBoolean() ? store : null, number());
        }
        if (wanted == StoreOptions.class) {
            StoreKind[] kinds = StoreKind.values();
            return new StoreOptions(number(), flags(), kinds[choices.nextInt(kinds.length)],
                    choices.nextBoolean() ? 0 : number());
        }
        if (wanted == VmOptions.class) {
            return vmOptions();
        }
        if (wanted == HostOptions.class) {
            return HostOptions.of(choices.nextInt(4) == 0 ? "fuzz" : "software", number());
        }
        if (wanted == GuestMemoryStore.class) {
            return store;
        }
        if (wanted == HostMapping.class) {
            return mapping;
        }
        if (wanted == MemorySegment.class) {
            return MemorySegment.ofArray(new byte[choices.nextInt(3) * PAGE + choices.nextInt(2)]);
        }
        if (wanted == MemoryKind.class) {
            return MemoryKind.of(choices.nextBoolean());
        }
        throw new AssertionError("the fuzzer cannot make a " + wanted.getName());
    }

    private Set<MemslotFlag> slotFlags() {
        return switch (choices.nextInt(8)) {
            case 0 -> Set.of(MemslotFlag.READONLY);
            case 1 -> Set.of(MemslotFlag.LOG_DIRTY);
            default -> Set.of();
        };
    }

    private VmOptions vmOptions() {
        VmOptions options = VmOptions.of(choices.nextInt(4) == 0 ? "fuzz" : type)
                .withVcpus(choices.nextBoolean() ? 1 : (int) number());
        if (choices.nextBoolean()) {
            options = options.withMemoryLimit(number());
        }
        return choices.nextBoolean() ? options : options.with(policies());
    }

    private PolicySet policies() {
        List<PolicyKey> keys = List.of(PolicyKey.values());
        PolicyKey key = keys.get(choices.nextInt(keys.size()));
        List<String> values = key.legalValues();
        return PolicySet.defaults().with(key,
                choices.nextInt(8) == 0 ? "fuzz" : values.get(choices.nextInt(values.size())));
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
