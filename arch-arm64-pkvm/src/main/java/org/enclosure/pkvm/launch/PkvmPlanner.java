package org.enclosure.pkvm.launch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.machine.GuestStage2;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchVariation;
import org.enclosure.spi.OptionNames;

/// Plans a launch: the image page by page, in the order of its addresses.
public final class PkvmPlanner implements LaunchPlanner {
    /// The one planner.
    public static final PkvmPlanner INSTANCE = new PkvmPlanner();

    private static final Set<String> OPTIONS = Set.of(OPTION_GPA);
    private static final long GPA_LIMIT = GuestStage2.GFN_LIMIT << Paging.PAGE_SHIFT;
    /// Where VMMs put kernels: the first RAM of QEMU and kvmtool, with the kernel's text offset, and of crosvm.
    private static final long[] USUAL_GPAS = {0, 0x20_0000, 0x4000_0000, 0x4008_0000, 0x4020_0000, 0x8000_0000L,
            0x8008_0000L};

    private PkvmPlanner() {
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
        for (LaunchItem item : items) {
            byte[] content = new byte[(int) Paging.PAGE_SIZE];
            if (item.imageOffset() >= 0) {
                MemorySegment.copy(image, item.imageOffset(), MemorySegment.ofArray(content), 0, Paging.PAGE_SIZE);
            }
            transcript.extend(item, content);
        }
        return transcript.result();
    }

    /// The image at the addresses where VMMs usually put it.
    @Override
    public List<LaunchVariation> variations(Map<String, String> options) {
        List<LaunchVariation> all = new ArrayList<>();
        for (long gpa : USUAL_GPAS) {
            String text = "0x" + Long.toHexString(gpa);
            if (gpa != LaunchPlanner.imageGpa(options, GPA_LIMIT)) {
                all.add(new LaunchVariation("the image is loaded at gpa " + text, Map.of(OPTION_GPA, text)));
            }
        }
        return all;
    }

    /// Checks names and values without an image.
    public static void checkOptions(Map<String, String> options) {
        OptionNames.check("a launch on the arm64-pkvm platform", options, OPTIONS);
        if (options.containsKey(OPTION_GPA)) {
            LaunchPlanner.imageGpa(options, GPA_LIMIT);
        }
    }
}
