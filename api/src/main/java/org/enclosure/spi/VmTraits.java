package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/// Everything that the engine has to know of a VM type.
///
/// @param has the traits
/// @param tag the address bit that tells the kind; present exactly with [VmTrait#ADDRESS_TELLS_KIND]
/// @param format the layout of the engine's stage-2 table; present exactly when the engine owns a half
/// @param maxLevel the largest mapping level: 1, 2 or 3
/// @param framesPerMap the most table frames that one `map` pops
/// @param framesPerSplit the most table frames that one `resize` to a smaller level pops
@API(status = EXPERIMENTAL, since = "0.1")
public record VmTraits(Set<VmTrait> has, @Nullable AddressTag tag, @Nullable S2Format format, int maxLevel,
        int framesPerMap, int framesPerSplit) {
    /// The most table frames that a plugin may ask for in one call.
    public static final int MAX_FRAMES = 64;

    /// Copies the set; contradictions are found by [#contradictions()], so that a loader can report all of them.
    public VmTraits {
        has = Collections.unmodifiableSet(has.isEmpty() ? EnumSet.noneOf(VmTrait.class) : EnumSet.copyOf(has));
    }

    /// Whether the type has a trait.
    public boolean has(VmTrait trait) {
        return has.contains(trait);
    }

    /// Whether the engine keeps the leaves of this half.
    public boolean engineOwns(boolean privateHalf) {
        return privateHalf ? has(VmTrait.PRIVATE_MEMORY) && !has(VmTrait.PRIVATE_TABLE_OWNED)
                : !has(VmTrait.SHARED_TABLE_OWNED);
    }

    /// What is wrong with this combination, a sentence each; empty if nothing is (rule LOAD-3).
    public List<String> contradictions() {
        List<String> wrong = new ArrayList<>();
        check(wrong, has(VmTrait.ADDRESS_TELLS_KIND) == (tag != null),
                "ADDRESS_TELLS_KIND and an address tag go together");
        check(wrong, (engineOwns(true) || engineOwns(false)) == (format != null),
                "an S2Format is needed exactly when the engine owns the private or the shared half");
        check(wrong, maxLevel >= 1 && maxLevel <= 3, "maxLevel " + maxLevel + " is not 1, 2 or 3");
        checkFrames(wrong, "framesPerMap", framesPerMap);
        checkFrames(wrong, "framesPerSplit", framesPerSplit);
        check(wrong, !(has(VmTrait.FRAME_STAYS) && has(VmTrait.SPLIT_BACKING)),
                "FRAME_STAYS forbids SPLIT_BACKING: one frame cannot be in two places");
        check(wrong, !has(VmTrait.FRAME_STAYS) || has(VmTrait.CONTENT_KEPT), "FRAME_STAYS needs CONTENT_KEPT");
        check(wrong, !(has(VmTrait.CONTENT_KEPT) && has(VmTrait.ZEROES_BEFORE_USE)),
                "CONTENT_KEPT and ZEROES_BEFORE_USE contradict each other");
        checkPrivate(wrong);
        return wrong;
    }

    private void checkPrivate(List<String> wrong) {
        if (has(VmTrait.PRIVATE_MEMORY)) {
            check(wrong, has(VmTrait.IN_PLACE_PAYLOAD) || has(VmTrait.COPIED_PAYLOAD),
                    "a type with private memory needs IN_PLACE_PAYLOAD or COPIED_PAYLOAD: else nothing can be launched");
            return;
        }
        for (VmTrait trait : EnumSet.of(VmTrait.PRIVATE_TABLE_OWNED, VmTrait.ADDRESS_TELLS_KIND, VmTrait.ACCEPT_NEEDED,
                VmTrait.ZEROES_BEFORE_USE, VmTrait.FRAME_STAYS, VmTrait.PAGES_STAY, VmTrait.SPLIT_BACKING)) {
            check(wrong, !has(trait), trait + " needs PRIVATE_MEMORY");
        }
    }

    private static void checkFrames(List<String> wrong, String name, int frames) {
        check(wrong, frames >= 0 && frames <= MAX_FRAMES, name + " " + frames + " is not in 0.." + MAX_FRAMES);
    }

    private static void check(List<String> wrong, boolean holds, String sentence) {
        if (!holds) {
            wrong.add(sentence);
        }
    }
}
