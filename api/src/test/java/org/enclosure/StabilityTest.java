package org.enclosure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StabilityTest {
    private static final EnumSet<Status> PROMISES = EnumSet.of(Status.STABLE, Status.EXPERIMENTAL);

    @Test
    void shouldPromiseSomethingForEveryExportedType() {
        List<String> without = ExportedTypes.all().stream().filter(t -> !promises(t.getDeclaredAnnotation(API.class)))
                .map(Class::getName).toList();
        assertEquals(List.of(), without, "types without @API(status = STABLE or EXPERIMENTAL, since = ...)");
    }

    @Test
    void shouldMarkEveryPackage() throws ClassNotFoundException {
        for (String name : ExportedTypes.packages()) {
            Class<?> info = Class.forName(name + ".package-info");
            assertTrue(info.isAnnotationPresent(NullMarked.class), name + " is not @NullMarked");
        }
    }

    /// A rule that looks at nothing holds: the numbers only ever grow.
    @Test
    void shouldHaveLookedAtEverything() {
        assertEquals(10, ExportedTypes.packages().size());
        assertTrue(ExportedTypes.all().size() >= 84,
                () -> ExportedTypes.all().size() + " types: " + ExportedTypes.all());
    }

    private static boolean promises(@Nullable API api) {
        return api != null && PROMISES.contains(api.status()) && !api.since().isBlank();
    }
}
