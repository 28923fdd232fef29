package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryBitsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 4096, 4097, 300_000})
    void shouldAgreeWithABitSet(int size) {
        Random random = Seeds.random("bits " + size);
        try (LazyMemory memory = LazyMemory.reserve(SummaryBits.bytes(size))) {
            SummaryBits bits = new SummaryBits(memory.address(), size);
            BitSet model = new BitSet();
            for (int i = 0; i < 5000; i++) {
                int index = random.nextInt(4) == 0 ? random.nextInt(size) : Math.max(0, model.nextSetBit(0));
                if (random.nextInt(5) < 2) {
                    bits.clear(index);
                    model.clear(index);
                } else {
                    int other = random.nextInt(size);
                    bits.set(other);
                    model.set(other);
                }
                assertEquals(model.isEmpty(), bits.isEmpty());
                assertEquals(model.get(index), bits.get(index));
                int from = random.nextInt(size + 1);
                assertEquals(model.nextSetBit(from), bits.next(from), "next from " + from);
                assertTrue(model.isEmpty() || model.nextSetBit(0) == bits.first());
            }
        }
    }

    @Test
    void shouldNeedAboutOneBitPerBit() {
        assertEquals(8, SummaryBits.bytes(64));
        assertEquals(3 * 8, SummaryBits.bytes(65));
        assertEquals((1L << 27) + (1L << 21) + (1L << 15) + 512 + 8, SummaryBits.bytes(1L << 30));
    }
}
