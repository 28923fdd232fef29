package org.enclosure.tck.random;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.tck.oracle.PageModel;
import org.jspecify.annotations.Nullable;

/// What one step may have changed, and whether it ended as it should.
final class Checks {
    private record Touched(Subject subject, int gfn) {
    }

    private final World world;
    private final List<Touched> touched = new ArrayList<>();

    Checks(World world) {
        this.world = world;
    }

    /// The pages from `gfn` on are compared after this step.
    void touch(Subject subject, int gfn, int count) {
        for (int i = gfn; i < Math.min(Subject.GFNS, gfn + count); i++) {
            touched.add(new Touched(subject, i));
        }
    }

    /// Compares what the step has touched, and some pages that it has not.
    void compare() {
        for (Touched one : touched) {
            world.oracle().compare(one.subject.model(), one.gfn);
        }
        touched.clear();
        for (Subject subject : world.subjects()) {
            world.oracle().compare(subject.model(), world.dice().nextInt(Subject.GFNS));
        }
    }

    /// The page at a gfn that is bound.
    PageModel page(Subject subject, int gfn) {
        PageModel page = subject.model().at(gfn);
        if (page == null) {
            throw new AssertionError(subject.model() + " has no page at gfn " + gfn);
        }
        return page;
    }

    /// A word was read.
    void read(PageModel page, long word) {
        String wanted = page.read(word);
        if (!wanted.isEmpty()) {
            throw new AssertionError(page + ": read 0x" + Long.toHexString(word) + " instead of " + wanted);
        }
    }

    /// An exit has to have a reason and an errno.
    ///
    /// @return the outcome for the histogram
    String exit(VmExit exit, ExitReason reason, @Nullable Errno errno, int gfn) {
        boolean isThere = exit.reason() == reason && exit.errno() == errno
                && (reason == ExitReason.HALTED || exit.gpa() >>> 12 == gfn);
        if (!isThere) {
            throw new AssertionError("gfn 0x" + Integer.toHexString(gfn) + ": exit " + exit.reason() + " "
                    + exit.errno()
                    + " at gpa 0x" + Long.toHexString(exit.gpa()) + " (" + exit.cause() + ") instead of " + reason + " "
                    + errno);
        }
        return errno == null ? reason.toString() : errno.toString();
    }

    /// A call has to be refused, or done.
    ///
    /// @param expected null if it has to be done
    /// @return the outcome for the histogram
    String call(Runnable call, @Nullable Errno expected) {
        return call(call, expected, GuestMemoryException.NO_OFFSET, null);
    }

    /// A call has to be refused at an offset and because of a holder, or done.
    ///
    /// @param expected null if it has to be done
    /// @param offset where it has to be refused, or [GuestMemoryException#NO_OFFSET] for anywhere
    /// @param holder the name of who holds the page, or null for anybody
    /// @return the outcome for the histogram
    String call(Runnable call, @Nullable Errno expected, long offset, @Nullable String holder) {
        GuestMemoryException thrown = null;
        try {
            call.run();
        } catch (GuestMemoryException e) {
            thrown = e;
        }
        Errno got = thrown == null ? null : thrown.errno();
        if (got != expected) {
            throw new AssertionError("answered " + got + " instead of " + expected, thrown);
        }
        if (thrown != null && offset != GuestMemoryException.NO_OFFSET && thrown.errorOffset() != offset) {
            throw new AssertionError("error offset 0x" + Long.toHexString(thrown.errorOffset()) + " instead of 0x"
                    + Long.toHexString(offset), thrown);
        }
        if (thrown != null && holder != null && !thrown.holders().contains(holder)) {
            throw new AssertionError("holders " + thrown.holders() + " without " + holder, thrown);
        }
        return got == null ? "done" : got.toString();
    }
}
