package org.enclosure.pkvm.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The layouts against numbers written by hand.
class LayoutTest {
    @Test
    void shouldSayWithARecordOfZeroesThatThePageIsTheHosts() {
        assertEquals(PageState.OWNED, HypPage.host(0));
        assertEquals(PageState.NOPAGE, HypPage.hyp(0));
        assertEquals(0, HypPage.shares(0) + HypPage.pins(0));
    }

    @Test
    void shouldPlaceTheFieldsOfARecord() {
        long word = HypPage.withHyp(HypPage.withHost(0, PageState.NOPAGE), PageState.OWNED);
        assertEquals(0x3300_0000L, word);
        assertEquals(0x1100_0000L,
                HypPage.withHyp(HypPage.withHost(0, PageState.SHARED_OWNED), PageState.SHARED_BORROWED));
        assertEquals(0x0000_0002_0000_0007L, HypPage.withShares(HypPage.withPins(0, 7), 2));
        long full = HypPage.withShares(HypPage.withPins(-1, 3), 5);
        assertEquals(3, HypPage.pins(full));
        assertEquals(5, HypPage.shares(full));
        assertEquals(0xffff_ffffL, HypPage.shares(HypPage.withShares(0, HypPage.MAX_SHARES)));
    }

    @Test
    void shouldPlaceTheFieldsOfAnAnnotation() {
        assertEquals(0x2000_0000_0000_0002L, Annotation.hyp(true));
        assertEquals(0x2000_0004_5671_0034L, Annotation.guest(true, 0x1003, 0x4567));
        assertEquals(0x1003, Annotation.handle(0x2000_0004_5671_0034L));
        assertEquals(0x4567, Annotation.gfn(0x2000_0004_5671_0034L));
        assertEquals(Owner.GUEST, Annotation.owner(0x2000_0004_5671_0034L));
        assertEquals(Annotation.HOST_DONATION, Annotation.type(0x2000_0004_5671_0034L));
        assertEquals(0x3000_0000_0000_0000L, Annotation.POISON);
        assertEquals(Owner.GUEST, Annotation.owner(Annotation.guest(false, 0x1003, 0x4567)));
    }

    @Test
    void shouldPlaceTheFieldsOfADescriptor() {
        long page = Descriptor.leaf(0x1234_5000L, 1, PageState.SHARED_OWNED);
        assertEquals(0x0080_0000_1234_57ffL, page);
        assertEquals(0x0000_0000_4020_07fdL, Descriptor.leaf(0x4020_0000L, 2, PageState.OWNED));
        assertEquals(0x0100_0000_1234_57ffL, Descriptor.withState(page, PageState.SHARED_BORROWED));
        assertEquals(0x1234_5000L, Descriptor.address(page));
        assertEquals(0x1234_5003L, Descriptor.table(0x1234_5000L));
    }

    @Test
    void shouldMakeUpTheSyndromesOfTheManual() {
        assertEquals(0x9200_0047L, Syndrome.guestAbort(true),
                "data abort from a lower EL, write, translation, level 3");
        assertEquals(0x9200_0007L, Syndrome.guestAbort(false));
        assertEquals(0x9600_0087L, Syndrome.hostAbort(false, true), "same EL, S1PTW");
        assertEquals(0x1_2340L, Syndrome.hpfar(0x1234));
    }

    @Test
    void shouldNumberTheCalls() {
        assertEquals(0, Smccc.function(0x8600_0000));
        assertEquals(3, Smccc.function(0xc600_0003));
        assertEquals(127, Smccc.function(0xc600_007f));
        assertEquals(-1, Smccc.function(0xc600_0080));
        assertEquals(-1, Smccc.function(0xc600_0000), "FEATURES is HVC32");
        assertEquals(-1, Smccc.function(0x8400_0000));
    }
}
