package org.enclosure.software;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchVariation;
import org.enclosure.spi.OptionNames;

/// Plans a launch: the image page by page, in the order of its addresses.
final class SoftwarePlanner implements LaunchPlanner {
    static final SoftwarePlanner INSTANCE = new SoftwarePlanner();

    private static final long GPA_LIMIT = SoftwareTypes.FORMAT.gfnLimit() << Paging.PAGE_SHIFT;

    private SoftwarePlanner() {
    }

    @Override
    public List<LaunchItem> plan(MemorySegment image, Map<String, String> options) {
        checkOptions(options);
        long bytes = image.byteSize();
        if (bytes == 0 || !Paging.isPageAligned(bytes)) {
            throw new IllegalArgumentException(
                    "an image of " + bytes + " bytes cannot be loaded; legal is a positive multiple of 4096");
        }
        long gpa = LaunchPlanner.imageGpa(options, GPA_LIMIT);
        if (gpa > GPA_LIMIT - bytes) {
            throw new IllegalArgumentException("an image of " + bytes + " bytes at gpa=0x" + Long.toHexString(gpa)
                    + " passes the end of guest memory at 0x" + Long.toHexString(GPA_LIMIT));
        }
        List<LaunchItem> items = new ArrayList<>();
        for (long at = 0; at < bytes; at += Paging.PAGE_SIZE) {
            items.add(new LaunchItem(LaunchItem.Kind.PAGE, gpa + at >>> Paging.PAGE_SHIFT, 1, at, 0, 0));
        }
        return items;
    }

    @Override
    public LaunchResult measure(List<LaunchItem> items, MemorySegment image, Map<String, String> options) {
        checkOptions(options);
        Transcript transcript = new Transcript();
        byte[] content = new byte[(int) Paging.PAGE_SIZE];
        for (LaunchItem item : items) {
            MemorySegment page = MemorySegment.ofArray(content);
            if (item.imageOffset() < 0) {
                page.fill((byte) 0);
            } else {
                MemorySegment.copy(image, item.imageOffset(), page, 0, Paging.PAGE_SIZE);
            }
            transcript.page(item.gfn(), content);
        }
        return transcript.result();
    }

    @Override
    public List<LaunchVariation> variations(Map<String, String> options) {
        return List.of();
    }

    /// Checks names and values without an image.
    static void checkOptions(Map<String, String> options) {
        OptionNames.check("a launch on the software platform", options, Set.of(OPTION_GPA));
        if (options.containsKey(OPTION_GPA)) {
            LaunchPlanner.imageGpa(options, GPA_LIMIT);
        }
    }
}
