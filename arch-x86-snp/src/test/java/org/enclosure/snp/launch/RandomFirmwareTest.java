package org.enclosure.snp.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.enclosure.spi.LaunchItem;
import org.junit.jupiter.api.Test;

/// Broken firmware: each image is planned, or refused with a reason; what is planned can be loaded and measured.
class RandomFirmwareTest {
    private static final int IMAGES = 20_000;
    private static final int PAGE = 4096;
    private static final long IMAGE_GPA_LIMIT = 1L << 32;
    private static final List<String> GUIDS = List.of(FirmwareBuilder.METADATA, FirmwareBuilder.RESET_BLOCK,
            FirmwareBuilder.HASHES, "00000000-0000-0000-0000-000000000000");
    private static final List<Mode> MODES = List.of(Mode.values());
    private static final List<Vmm> VMMS = List.of(Vmm.values());
    private static final int[] WORDS = {0, 1, 2, 3, 4, 16, 17, 175, 176, 0xFFF, PAGE, PAGE + 1, 2 * PAGE, 0x800000,
            0x801000, 0x810c00, -1, -PAGE, -2 * PAGE, Integer.MIN_VALUE, Integer.MAX_VALUE};

    private final long seed = Long.getLong("enclosure.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void shouldPlanOrRefuseWhateverAnImageHolds() {
        System.out.println("broken firmware: -Denclosure.test.seed=" + seed);
        Map<FirmwareFault, Integer> faults = new EnumMap<>(FirmwareFault.class);
        for (int i = 0; i < IMAGES; i++) {
            MemorySegment image = random.nextInt(3) == 0 ? mutated() : built();
            faults.merge(launch(image, i), 1, Integer::sum);
        }
        for (FirmwareFault fault : FirmwareFault.values()) {
            if (fault != FirmwareFault.IMAGE_SIZE) {
                assertTrue(faults.getOrDefault(fault, 0) > 20, fault + " of " + faults + ", seed " + seed);
            }
        }
    }

    private FirmwareFault launch(MemorySegment image, int number) {
        boolean hasKernel = random.nextBoolean();
        Mode mode = MODES.get(random.nextInt(MODES.size()));
        Vmm vmm = VMMS.get(random.nextInt(VMMS.size()));
        String place = "image " + number + ", seed " + seed;
        try {
            List<LaunchItem> items = LaunchSteps.firmware(image, mode, vmm, hasKernel, PageOrder.VMM);
            check(items, image, place);
            byte[] table = hasKernel ? new byte[HashTable.SIZE] : null;
            LaunchInputs inputs = new LaunchInputs(mode, vmm, 2, 1, 1).hashTable(table);
            int length = Measurement.of(items, image, inputs).digest().length();
            assertEquals(mode == Mode.SNP ? 96 : 64, length, place);
            return FirmwareFault.SUCCESS;
        } catch (FirmwareException e) {
            assertTrue(String.valueOf(e.getMessage()).length() > 20, place);
            return e.fault();
        } catch (RuntimeException e) {
            throw new AssertionError(place, e);
        }
    }

    private static void check(List<LaunchItem> items, MemorySegment image, String place) {
        Set<Long> gfns = new HashSet<>();
        long inImage = 0;
        for (LaunchItem item : items) {
            if (item.kind() == LaunchItem.Kind.PAGE) {
                assertTrue(gfns.add(item.gfn()), "the page " + item + " is loaded twice: " + place);
                assertTrue(item.gfn() << 12 < IMAGE_GPA_LIMIT, place);
                inImage += item.imageOffset() >= 0 ? 1 : 0;
            }
        }
        assertEquals(image.byteSize() / PAGE, inImage, place);
    }

    /// A good image with some bytes of its tables changed.
    private MemorySegment mutated() {
        List<String> names = List.of("fw-full", "fw-nohash", "fw-hash-only-page", "fw-8k");
        MemorySegment image = SnpPlannerTest.image(names.get(random.nextInt(names.size())));
        byte[] bytes = image.toArray(ValueLayout.JAVA_BYTE);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int fromEnd = random.nextBoolean() ? 32 + random.nextInt(110) : random.nextInt(1100);
            bytes[bytes.length - 1
                    - fromEnd] = (byte) (random.nextBoolean() ? random.nextInt() : 1 << random.nextInt(8));
        }
        int cut = bytes.length > PAGE && random.nextInt(8) == 0 ? PAGE : 0;
        return MemorySegment.ofArray(Arrays.copyOf(bytes, bytes.length - cut));
    }

    /// An image whose tables are put together at random.
    private MemorySegment built() {
        FirmwareBuilder builder = new FirmwareBuilder(PAGE * (1 + random.nextInt(2)));
        if (random.nextInt(4) != 0) {
            int[] sections = sections();
            int size = random.nextInt(6) == 0 ? random.nextInt(200) : 16 + 4 * sections.length;
            int count = random.nextInt(12) == 0 ? word() : sections.length / 3;
            builder.metadata(random.nextInt(20) == 0 ? "ASE?" : "ASEV", size, random.nextInt(20) == 0 ? word() : 1,
                    count, sections);
        }
        if (random.nextInt(5) != 0) {
            builder.resetBlock();
        }
        if (random.nextInt(3) != 0) {
            builder.hashes(0x810000 | random.nextInt(PAGE), random.nextInt(3) == 0 ? random.nextInt(400) : 0x400);
        }
        for (int i = random.nextInt(3); i > 1; i--) {
            int[] data = {word(), word()};
            int length = random.nextInt(3) == 0 ? random.nextInt(60) : 26;
            builder.entry(GUIDS.get(random.nextInt(GUIDS.size())), length, data);
        }
        return random.nextInt(12) == 0 ? builder.build(random.nextInt(300)) : builder.build();
    }

    private int[] sections() {
        int count = random.nextInt(5);
        int[] sections = new int[3 * count];
        for (int i = 0; i < count; i++) {
            boolean odd = random.nextInt(10) == 0;
            sections[3 * i] = odd ? word() : 0x800000 + PAGE * random.nextInt(20);
            sections[3 * i + 1] = odd ? small() : PAGE;
            sections[3 * i + 2] = odd ? word() : new int[] {1, 2, 3, 4, 16}[random.nextInt(5)];
        }
        return sections;
    }

    /// Sizes that do not make a plan of a million pages.
    private int small() {
        int word = word();
        return word < 0 || word > 1 << 24 ? word & 0xFFFF : word;
    }

    private int word() {
        return random.nextInt(4) == 0 ? random.nextInt() : WORDS[random.nextInt(WORDS.length)];
    }
}
