package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.junit.jupiter.api.Test;

class AccessOrderTest {
    @Test
    void shouldChooseAsymmetricOnlyWhereNothingStandsInTheWay() {
        assertTrue(AccessOrder.choose("auto", ""));
        assertFalse(AccessOrder.choose("auto", "no membarrier"));
        assertTrue(AccessOrder.choose("asymmetric", ""));
        assertFalse(AccessOrder.choose("symmetric", ""));
    }

    @Test
    void shouldRefuseWhatIsImpossibleAndSayWhy() {
        GuestMemoryException e = assertThrows(GuestMemoryException.class,
                () -> AccessOrder.choose("asymmetric", "no membarrier"));
        assertEquals(Errno.EINVAL, e.errno());
        assertTrue(e.toString().endsWith("enclosure.access.order=asymmetric is impossible here: no membarrier"),
                e.toString());
    }

    @Test
    void shouldRefuseAnUnknownValueAndSayWhatIsLegal() {
        GuestMemoryException e = assertThrows(GuestMemoryException.class, () -> AccessOrder.choose("fast", ""));
        assertEquals(Errno.EINVAL, e.errno());
        assertTrue(e.toString().endsWith("enclosure.access.order=fast; legal is auto, asymmetric or symmetric"),
                e.toString());
    }

    @Test
    void shouldTrustHotSpotWithItsOwnCompilersAlone() {
        assertTrue(AccessOrder.isHotSpot("OpenJDK 64-Bit Server VM", "25.0.3+9-LTS"));
        assertTrue(AccessOrder.isHotSpot("Java HotSpot(TM) 64-Bit Server VM", "25.0.1+8"));
        assertFalse(AccessOrder.isHotSpot("Java HotSpot(TM) 64-Bit Server VM", "25.0.1+8-jvmci-25.0-b1"));
        assertFalse(AccessOrder.isHotSpot("Eclipse OpenJ9 VM", "openj9-0.55.0"));
        assertFalse(AccessOrder.isHotSpot("Substrate VM", "25+37"));
    }

    @Test
    void shouldSayWhatIsInForceAndRunTheBarrier() {
        assertTrue(AccessOrder.describe().startsWith(AccessOrder.ASYMMETRIC ? "asymmetric" : "symmetric"));
        AccessOrder.barrier();
    }

    @Test
    void shouldObeyTheProperty() {
        ForkedJava java = ForkedJava.run(AllocatorExercise.class, "--enable-native-access=ALL-UNNAMED",
                "-Denclosure.access.order=symmetric");
        assertEquals(0, java.exitCode(), java.output());
        assertTrue(java.output().contains("\nsymmetric: volatile marks (asked for)\n"), java.output());
    }

    @Test
    void shouldFailToLoadWithAnUnknownValue() {
        ForkedJava java = ForkedJava.run(AllocatorExercise.class, "--enable-native-access=ALL-UNNAMED",
                "-Denclosure.access.order=fast");
        assertNotEquals(0, java.exitCode());
        assertTrue(java.output().contains("legal is auto, asymmetric or symmetric"), java.output());
    }
}
