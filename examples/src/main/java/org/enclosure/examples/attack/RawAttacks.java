package org.enclosure.examples.attack;

import org.enclosure.api.Paging;
import org.enclosure.api.host.PhysicalAccess;

/// What a hostile host kernel tries by physical address.
final class RawAttacks {
    /// There was nothing that the host could have put back.
    static final String NOTHING_SAVED = "nothing could be saved";

    /// What the host has read before is written again.
    static final String PUT_BACK = "put back";
    private static final long STRANGE = 0x6861_636b_6564_2121L;

    private RawAttacks() {
    }

    /// Reads the frames of private pages.
    static String read(AttackScene scene, Tally tally) {
        return read(scene, tally, frames(scene));
    }

    /// Writes the frames of private pages.
    static String write(AttackScene scene, Tally tally) {
        PhysicalAccess memory = scene.machine().host().physical();
        long[] frames = frames(scene);
        return HostReach.everyWord(scene, tally, (page, offset) -> {
            memory.storeLong(frames[page] + offset, STRANGE);
            return HostReach.NO_ERROR;
        });
    }

    /// Takes the memslot away first, so that no table of the VM names the frames any more, and reads them then.
    static String readWithoutSlot(AttackScene scene, Tally tally) {
        long[] frames = frames(scene);
        String deleted = HostReach.call(tally, () -> scene.machine().memory().deleteWindow());
        if (!deleted.equals(HostReach.NO_ERROR)) {
            return deleted;
        }
        try {
            return read(scene, tally, frames);
        } finally {
            scene.machine().memory().createWindow(scene.secret().gpa());
        }
    }

    /// Saves what can be had of old pages, lets the guest write new ones, and puts the old back.
    static String replay(AttackScene scene, Tally tally) {
        PhysicalAccess memory = scene.machine().host().physical();
        long[] frames = frames(scene);
        long[][] saved = new long[scene.pages()][(int) (Paging.PAGE_SIZE / Long.BYTES)];
        boolean[] isSaved = new boolean[1];
        String save = HostReach.everyWord(scene, tally, (page, offset) -> {
            saved[page][offset / Long.BYTES] = memory.loadLong(frames[page] + offset);
            isSaved[0] = true;
            return "saved";
        });
        scene.overwrite();
        if (!isSaved[0]) {
            return NOTHING_SAVED + " (" + save + ")";
        }
        return HostReach.everyWord(scene, tally, (page, offset) -> {
            memory.storeLong(frames[page] + offset, saved[page][offset / Long.BYTES]);
            return PUT_BACK;
        });
    }

    private static String read(AttackScene scene, Tally tally, long[] frames) {
        PhysicalAccess memory = scene.machine().host().physical();
        return HostReach.everyWord(scene, tally,
                (page, offset) -> HostReach.judge(scene, page, offset, memory.loadLong(frames[page] + offset)));
    }

    /// The frames behind the pages of the secret, which the guest has just written.
    private static long[] frames(AttackScene scene) {
        long[] frames = new long[scene.pages()];
        for (int page = 0; page < frames.length; page++) {
            frames[page] = scene.machine().vm().inspect(scene.gpa(page)).pa();
            if (frames[page] < 0) {
                throw new IllegalStateException("no frame is behind gpa 0x" + Long.toHexString(scene.gpa(page)));
            }
        }
        return frames;
    }
}
