package com.example.enclosure;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.LaunchVariation;
import org.enclosure.spi.TableWork;

/// Measures the pages in order.
final class ExampleLaunch implements LaunchPlanner {
    private static final int PAGE = 4096;

    private final ExamplePlatform platform;

    ExampleLaunch(ExamplePlatform platform) {
        this.platform = platform;
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LaunchResult result(MessageDigest digest) {
        return new LaunchResult("SHA-256", HexFormat.of().formatHex(digest.digest()), false, List.of());
    }

    @Override
    public List<LaunchItem> plan(MemorySegment image, Map<String, String> options) {
        long gfn = Long.decode(options.getOrDefault(OPTION_GPA, "0")) >>> 12;
        List<LaunchItem> items = new ArrayList<>();
        for (long at = 0; at < image.byteSize(); at += PAGE) {
            items.add(new LaunchItem(LaunchItem.Kind.PAGE, gfn + at / PAGE, 1, at, 0, 0));
        }
        return items;
    }

    @Override
    public LaunchResult measure(List<LaunchItem> items, MemorySegment image, Map<String, String> options) {
        MessageDigest digest = digest();
        for (LaunchItem item : items) {
            digest.update(image.asSlice(item.imageOffset(), PAGE).toArray(ValueLayout.JAVA_BYTE));
        }
        return result(digest);
    }

    @Override
    public List<LaunchVariation> variations(Map<String, String> options) {
        return List.of();
    }

    LaunchSession session() {
        MessageDigest digest = digest();
        return new LaunchSession() {
            @Override
            public long page(LaunchItem item, long pfn, long sourcePfn, TableWork work) {
                byte[] content = new byte[PAGE];
                for (int i = 0; i < PAGE; i++) {
                    content[i] = platform.memory.getByte(sourcePfn * PAGE + i);
                    platform.memory.putByte(pfn * PAGE + i, content[i]);
                }
                digest.update(content);
                return 0;
            }

            @Override
            public LaunchResult finish(TableWork work) {
                return result(digest);
            }
        };
    }
}
