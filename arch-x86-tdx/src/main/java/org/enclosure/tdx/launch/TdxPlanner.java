package org.enclosure.tdx.launch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchItem.Kind;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchVariation;
import org.enclosure.spi.OptionNames;
import org.enclosure.spi.OptionValues;
import org.enclosure.tdx.wire.MrtdStream;

/// Plans a launch. An image that ends at 4 GiB is firmware, and its TDVF metadata say which pages are added and measured; any other
/// image is a payload, all of whose pages are. The option `layout` says it where the place does not.
///
/// | option | values | meaning |
/// |---|---|---|
/// | `gpa` | a multiple of 4096 | of the image's first byte |
/// | `layout` | auto, tdvf, payload | whether the metadata count |
/// | `page-add-order` | one-pass, two-pass | each page is measured when it is added, or all of a section afterwards |
public final class TdxPlanner implements LaunchPlanner {
    /// Option: the order of adding and measuring.
    public static final String OPTION_ORDER = "page-add-order";
    /// Option: whether the image's metadata count.
    public static final String OPTION_LAYOUT = "layout";
    /// Flag of a page: its content is measured at once.
    public static final long MEASURED = 1;
    /// The one planner.
    public static final TdxPlanner INSTANCE = new TdxPlanner();

    private static final Set<String> OPTIONS = Set.of(OPTION_GPA, OPTION_ORDER, OPTION_LAYOUT);
    private static final String ONE_PASS = "one-pass";
    private static final String TWO_PASS = "two-pass";
    private static final long FIRMWARE_END = 4L << 30;
    private static final long GPA_LIMIT = 1L << 47;

    private TdxPlanner() {
    }

    @Override
    public List<LaunchItem> plan(MemorySegment image, Map<String, String> options) {
        checkOptions(options);
        List<LaunchItem> items = new ArrayList<>();
        boolean isTwoPass = OptionValues.choice(options, OPTION_ORDER, ONE_PASS, TWO_PASS).equals(TWO_PASS);
        for (TdvfSection section : sections(image, options)) {
            if (section.isAdded()) {
                add(items, section, isTwoPass);
            }
        }
        return items;
    }

    private static List<TdvfSection> sections(MemorySegment image, Map<String, String> options) {
        long bytes = image.byteSize();
        String layout = OptionValues.choice(options, OPTION_LAYOUT, "auto", "tdvf", "payload");
        boolean isFirmware = layout.equals("tdvf") || layout.equals("auto") && options.containsKey(OPTION_GPA)
                && LaunchPlanner.imageGpa(options, GPA_LIMIT) + bytes == FIRMWARE_END;
        if (isFirmware) {
            return TdvfImage.parse(image).sections();
        }
        long gpa = LaunchPlanner.imageGpa(options, GPA_LIMIT);
        if (bytes == 0 || !Paging.isPageAligned(bytes) || gpa > GPA_LIMIT - bytes) {
            throw new IllegalArgumentException("an image of " + bytes + " bytes cannot be loaded at gpa=0x"
                    + Long.toHexString(gpa) + "; legal is a positive multiple of 4096 that ends at or below 0x"
                    + Long.toHexString(GPA_LIMIT));
        }
        return List.of(new TdvfSection(0, bytes, gpa, bytes, 0, TdvfSection.EXTEND));
    }

    private static void add(List<LaunchItem> items, TdvfSection section, boolean isTwoPass) {
        long flags = section.isMeasured() && !isTwoPass ? MEASURED : 0;
        for (long at = 0; at < section.memorySize(); at += Paging.PAGE_SIZE) {
            long offset = at < section.rawSize() ? section.dataOffset() + at : -1;
            items.add(new LaunchItem(Kind.PAGE, section.address() + at >>> Paging.PAGE_SHIFT, 1, offset,
                    (int) section.type(), flags));
        }
        if (section.isMeasured() && isTwoPass) {
            items.add(new LaunchItem(Kind.RANGE, section.address() >>> Paging.PAGE_SHIFT,
                    section.memorySize() >>> Paging.PAGE_SHIFT, section.dataOffset(), (int) section.type(), MEASURED));
        }
    }

    @Override
    public LaunchResult measure(List<LaunchItem> items, MemorySegment image, Map<String, String> options) {
        checkOptions(options);
        MrtdStream stream = new MrtdStream();
        List<String> lines = new ArrayList<>();
        Map<Long, Long> contents = new LinkedHashMap<>();
        byte[] page = new byte[(int) Paging.PAGE_SIZE];
        for (LaunchItem item : items) {
            if (item.kind() == Kind.PAGE) {
                stream.add(item.gfn() << Paging.PAGE_SHIFT);
                lines.add(Transcript.add(item.gfn() << Paging.PAGE_SHIFT));
                contents.put(item.gfn(), item.imageOffset());
            }
            if ((item.flags() & MEASURED) != 0) {
                for (long gfn = item.gfn(); gfn < item.gfn() + item.npages(); gfn++) {
                    extend(stream, gfn, contents, image, page);
                }
                lines.add(Transcript.extend(item.gfn() << Paging.PAGE_SHIFT, item.npages()));
            }
        }
        return new LaunchResult(MrtdStream.ALGORITHM, stream.hex(), true, lines);
    }

    private static void extend(MrtdStream stream, long gfn, Map<Long, Long> contents, MemorySegment image,
            byte[] page) {
        Long offset = contents.get(gfn);
        if (offset == null) {
            throw new IllegalArgumentException("gfn 0x" + Long.toHexString(gfn) + " is measured but was not added");
        }
        if (offset < 0) {
            Arrays.fill(page, (byte) 0);
        } else {
            MemorySegment.copy(image, offset, MemorySegment.ofArray(page), 0, page.length);
        }
        for (int at = 0; at < page.length; at += MrtdStream.CHUNK) {
            stream.extend((gfn << Paging.PAGE_SHIFT) + at, page, at);
        }
    }

    @Override
    public List<LaunchVariation> variations(Map<String, String> options) {
        String order = OptionValues.choice(options, OPTION_ORDER, ONE_PASS, TWO_PASS);
        String other = order.equals(ONE_PASS) ? TWO_PASS : ONE_PASS;
        List<LaunchVariation> variations = new ArrayList<>();
        variations.add(variation(options, OPTION_ORDER, other, "page-add-order is " + other + " instead of " + order));
        variations.add(variation(options, OPTION_LAYOUT, "payload",
                "every page of the image is added and measured, without its TDVF metadata"));
        LaunchVariation both = variation(options, OPTION_LAYOUT, "payload", "");
        variations.add(variation(both.options(), OPTION_ORDER, other,
                "every page of the image is added and measured, " + other + ", without its TDVF metadata"));
        return variations;
    }

    private static LaunchVariation variation(Map<String, String> options, String name, String value, String change) {
        Map<String, String> changed = new LinkedHashMap<>(options);
        changed.put(name, value);
        return new LaunchVariation(change, changed);
    }

    /// Checks names and values without an image.
    ///
    /// @throws IllegalArgumentException if one is unknown or illegal
    public static void checkOptions(Map<String, String> options) {
        OptionNames.check("a launch of a TD", options, OPTIONS);
        OptionValues.choice(options, OPTION_ORDER, ONE_PASS, TWO_PASS);
        OptionValues.choice(options, OPTION_LAYOUT, "auto", "tdvf", "payload");
        if (options.containsKey(OPTION_GPA)) {
            LaunchPlanner.imageGpa(options, GPA_LIMIT);
        }
    }
}
