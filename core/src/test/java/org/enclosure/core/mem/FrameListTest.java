package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameListTest {
    private final HostMemory memory = HostMemory.reserve(64 << 20);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final FrameList list = new FrameList(frames);

    @AfterEach
    void close() {
        frames.close();
        memory.close();
    }

    @Test
    void shouldPopWhatWasPushedLastWithItsOrder() {
        long small = frames.allocate(0);
        long large = frames.allocate(9);
        list.push(small, 0);
        list.push(large, 9);
        assertEquals(2, list.size());
        assertEquals(large, list.pop());
        assertEquals(9, list.order());
        assertEquals(small, list.pop());
        assertEquals(0, list.order());
        assertTrue(list.isEmpty());
        assertEquals(FrameAllocator.NONE, list.pop());
    }

    @Test
    void shouldAppendToEmptyAndFilledLists() {
        FrameList other = new FrameList(frames);
        list.appendTo(other);
        assertTrue(other.isEmpty());
        long a = frames.allocate(0);
        long b = frames.allocate(0);
        long c = frames.allocate(3);
        list.push(a, 0);
        list.appendTo(other);
        assertTrue(list.isEmpty());
        list.push(b, 0);
        list.push(c, 3);
        list.appendTo(other);
        assertEquals(3, other.size());
        assertEquals(c, other.pop());
        assertEquals(3, other.order());
        assertEquals(b, other.pop());
        list.push(b, 0);
        other.appendTo(list);
        assertEquals(a, list.pop());
        assertEquals(b, list.pop());
        assertTrue(list.isEmpty() && other.isEmpty());
    }

    @Test
    void shouldNotAppendToAListOfAnotherHost() {
        try (HostMemory otherMemory = HostMemory.reserve(2 << 20);
                FrameAllocator otherFrames = new FrameAllocator(otherMemory)) {
            list.push(frames.allocate(0), 0);
            assertThrows(AssertionError.class, () -> list.appendTo(new FrameList(otherFrames)));
            assertEquals(1, list.size());
        }
    }

    @Test
    void shouldFreeEverythingAtOnce() {
        long all = frames.freeFrames();
        for (int i = 0; i < 3000; i++) {
            list.push(frames.allocate(0), 0);
        }
        list.push(frames.allocate(10), 10);
        assertEquals(all - 3000 - 1024, frames.freeFrames());
        list.freeAll();
        assertTrue(list.isEmpty());
        assertEquals(all, frames.freeFrames());
        assertEquals(0, frames.allocate(14));
    }

    @Test
    void shouldFindABlockThatWasPushedTwice() {
        long pfn = frames.allocate(0);
        list.push(pfn, 0);
        list.push(pfn, 0);
        assertThrows(AssertionError.class, list::freeAll);
        assertThrows(AssertionError.class, () -> list.push(memory.frames(), 0));
    }
}
