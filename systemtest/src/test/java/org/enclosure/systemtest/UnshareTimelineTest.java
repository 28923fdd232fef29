package org.enclosure.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.enclosure.examples.UnshareTimelines;
import org.junit.jupiter.api.Test;

/// The three flows of a guest that takes back what the host still uses, on arm64 pKVM, line by line.
class UnshareTimelineTest {
    private static final List<String> START = List.of("host   vhost pins the page and reads 42",
            "guest  takes the page back", "vmm    exit UNSHARE gpa 0x3000");
    private static final String KEEPS = "vmm    keeps vhost's pin, and enters again";
    private static final String LETS_GO = "vmm    lets vhost's pin go, and enters again";
    private static final String AGAIN = "vmm    exit UNSHARE gpa 0x3000, held by vhost";
    private static final String TOUCHES = "guest  touches the page and reads 42";
    private static final String GOES_ON = "guest  goes on; the page is private";
    private static final String END = "host   touches the page: SIGBUS; it is private";

    @Test
    void shouldConvertAtEntryInCase1() {
        assertTimeline("vcpu-1", LETS_GO, GOES_ON, TOUCHES, END);
    }

    @Test
    void shouldExitAgainInCase2Alternative1() {
        assertTimeline("vcpu-2a", KEEPS, AGAIN, KEEPS, AGAIN, LETS_GO, GOES_ON, TOUCHES, END);
    }

    @Test
    void shouldExitAtTheTouchInCase2Alternative2() {
        assertTimeline("vcpu-2b", KEEPS, "guest  goes on; the page is shared", AGAIN, LETS_GO, TOUCHES, END);
    }

    private static void assertTimeline(String convert, String... rest) {
        List<String> lines = UnshareTimelines.run("arm64-pkvm", "protected", convert).stream().map(String::strip)
                .toList();
        assertEquals(START, lines.subList(1, 1 + START.size()));
        assertEquals(List.of(rest), lines.subList(1 + START.size(), lines.size()));
    }
}
