package org.enclosure.examples.attack;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostBytes;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.host.Pin;
import org.enclosure.examples.machine.GuestMemory;

/// What a host process tries through its address space.
final class MappingAttacks {
    private static final long STRANGE = 0x6861_636b_6564_2121L;

    private MappingAttacks() {
    }

    /// Reads private pages where the VMM has guest memory mapped.
    static String read(AttackScene scene, Tally tally) {
        return read(scene, tally, memory(scene).mapping(), scene.secret().gpa());
    }

    /// Writes private pages where the VMM has guest memory mapped.
    static String write(AttackScene scene, Tally tally) {
        HostBytes mapping = memory(scene).mapping();
        return HostReach.everyWord(scene, tally, (page, offset) -> {
            mapping.storeLong(scene.gpa(page) + offset, STRANGE);
            return HostReach.NO_ERROR;
        });
    }

    /// Maps the store's private pages into another process, and reads there.
    static String mapAgain(AttackScene scene, Tally tally) {
        try (HostAddressSpace other = scene.machine().host().createAddressSpace()) {
            tally.count();
            HostMapping mapping = other.map(memory(scene).store(), scene.secret().gpa(),
                    scene.pages() * Paging.PAGE_SIZE);
            return read(scene, tally, mapping, 0);
        } catch (GuestMemoryException e) {
            return e.errno().toString();
        }
    }

    /// Takes a reference on private pages, as a device driver does that prepares a transfer.
    static String pin(AttackScene scene, Tally tally) {
        return HostReach.call(tally, () -> {
            try (Pin pin = memory(scene).mapping().pin(scene.secret().gpa(), scene.pages() * Paging.PAGE_SIZE,
                    "hostile host")) {
                pin.storeLong(0, STRANGE);
            }
        });
    }

    private static String read(AttackScene scene, Tally tally, HostBytes bytes, long start) {
        return HostReach.everyWord(scene, tally,
                (page, offset) -> HostReach.judge(scene, page, offset,
                        bytes.loadLong(start + page * Paging.PAGE_SIZE + offset)));
    }

    private static GuestMemory memory(AttackScene scene) {
        return scene.machine().memory();
    }
}
