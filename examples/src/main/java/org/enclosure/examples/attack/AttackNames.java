package org.enclosure.examples.attack;

/// The names of the attacks.
final class AttackNames {
    static final String READ_MAPPED = "read private pages through a mapping";
    static final String WRITE_MAPPED = "write private pages through a mapping";
    static final String MAP_AGAIN = "map private pages into another process";
    static final String PIN = "pin private pages";
    static final String READ_RAW = "read private frames";
    static final String WRITE_RAW = "write private frames";
    static final String READ_WITHOUT_SLOT = "read private frames without their memslot";
    static final String REPLAY = "replay old frames";
    static final String ALIAS = "bind private pages at a second address";
    static final String OVERLAP = "lay a memslot over private pages";
    static final String REMAP = "put other pages under the guest";
    static final String REMAP_BACK = "put old pages back under the guest";
    static final String PUNCH = "free private pages under the guest";
    static final String UNALIGNED = "unaligned range";
    static final String NO_PAGES = "range without pages";
    static final String WRAPPING = "wrapping range";
    static final String OUTSIDE = "range outside of memory";
    static final String OVERLAPPING = "range overlapping the end of memory";
    static final String RESERVED_BITS = "reserved bits in a request";
    static final String WRONG_STATE = "request to take back what is not shared";
    static final String SHARED_ALREADY = "request to share what is shared already";
    static final String NO_MEMORY = "request for a page where there is no memory";
    static final String UNKNOWN_CALL = "unknown call";
    static final String UNKNOWN_INSTRUCTION = "unknown instruction";
    static final String BAD_BUFFER = "bad list of requests in a shared page";
    static final String BAD_ACCEPT = "acceptance of what cannot be accepted";
    static final String BAD_LENGTH = "bad length in the bounce buffer";
    static final String PRIVATE_BUFFER = "device rung with a private buffer";

    private AttackNames() {
    }
}
