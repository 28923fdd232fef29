package org.enclosure.testarch.launch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchVariation;
import org.enclosure.spi.OptionNames;
import org.enclosure.spi.OptionValues;
import org.enclosure.testarch.machine.Entry;
import org.enclosure.testarch.machine.StageTwo;

/// Plans a launch: the image page by page, in the order of its addresses.
public final class TestPlanner implements LaunchPlanner {
    /// Option: yes locks the image's pages, so that they can never be converted; no is the default.
    public static final String OPTION_LOCKED = "locked";
    /// The one planner.
    public static final TestPlanner INSTANCE = new TestPlanner();

    private static final Set<String> OPTIONS = Set.of(OPTION_GPA, OPTION_LOCKED);
    private static final long GPA_LIMIT = StageTwo.GFN_LIMIT << Paging.PAGE_SHIFT;

    private TestPlanner() {
    }

    @Override
    public List<LaunchItem> plan(MemorySegment image, Map<String, String> options) {
        checkOptions(options);
        long bytes = image.byteSize();
        long gpa = LaunchPlanner.imageGpa(options, GPA_LIMIT);
        if (bytes == 0 || !Paging.isPageAligned(bytes) || gpa > GPA_LIMIT - bytes) {
            throw new IllegalArgumentException("an image of " + bytes + " bytes cannot be loaded at gpa=0x"
                    + Long.toHexString(gpa)
                    + "; legal is a positive multiple of 4096 that ends at or below 0x" + Long.toHexString(GPA_LIMIT));
        }
        long flags = "yes".equals(options.get(OPTION_LOCKED)) ? Entry.LOCKED : 0;
        List<LaunchItem> items = new ArrayList<>();
        for (long at = 0; at < bytes; at += Paging.PAGE_SIZE) {
            items.add(new LaunchItem(LaunchItem.Kind.PAGE, gpa + at >>> Paging.PAGE_SHIFT, 1, at, 0, flags));
        }
        return items;
    }

    @Override
    public LaunchResult measure(List<LaunchItem> items, MemorySegment image, Map<String, String> options) {
        checkOptions(options);
        Measurement measurement = new Measurement();
        for (LaunchItem item : items) {
            byte[] content = new byte[(int) Paging.PAGE_SIZE];
            if (item.imageOffset() >= 0) {
                MemorySegment.copy(image, item.imageOffset(), MemorySegment.ofArray(content), 0, Paging.PAGE_SIZE);
            }
            measurement.extend(item, content);
        }
        return measurement.result();
    }

    @Override
    public List<LaunchVariation> variations(Map<String, String> options) {
        boolean locked = "yes".equals(options.get(OPTION_LOCKED));
        Map<String, String> other = new HashMap<>(options);
        other.put(OPTION_LOCKED, locked ? "no" : "yes");
        return List.of(new LaunchVariation("the pages are " + (locked ? "not locked" : "locked"), other));
    }

    /// Checks names and values without an image.
    public static void checkOptions(Map<String, String> options) {
        OptionNames.check("a launch on the test platform", options, OPTIONS);
        OptionValues.choice(options, OPTION_LOCKED, "no", "yes");
        if (options.containsKey(OPTION_GPA)) {
            LaunchPlanner.imageGpa(options, GPA_LIMIT);
        }
    }
}
