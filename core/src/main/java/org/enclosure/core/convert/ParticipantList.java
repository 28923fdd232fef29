package org.enclosure.core.convert;

import java.util.Arrays;
import java.util.List;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the participants in two phases: all prepare before anything changes; then all commit, or those that prepared abort.
///
/// Whatever a participant throws stays here, errors too: the others have to be told in any case.
final class ParticipantList {
    private static final Logger LOG = LoggerFactory.getLogger(ParticipantList.class);

    private final Participant[] participants;
    private final String[] names;
    private final String[] callbacks;

    /// Takes the names, which are not asked for again.
    ParticipantList(List<Participant> participants) {
        this.participants = participants.toArray(Participant[]::new);
        names = participants.stream().map(Participant::name).toArray(String[]::new);
        callbacks = Arrays.stream(names).map(name -> "participant " + name).toArray(String[]::new);
    }

    boolean isEmpty() {
        return participants.length == 0;
    }

    /// Whether a participant has a name.
    boolean contains(String name) {
        return Arrays.asList(names).contains(name);
    }

    /// Asks all in order; on a veto those asked before abort.
    ///
    /// @throws GuestMemoryException EAGAIN, with the name of who vetoed
    void prepare(ConversionRequest request) {
        for (int i = 0; i < participants.length; i++) {
            GuestMemoryException veto = ask(i, request);
            if (veto != null) {
                abort(request, i);
                throw veto;
            }
        }
    }

    private @Nullable GuestMemoryException ask(int index, ConversionRequest request) {
        String outer = CallbackGuard.enter(callbacks[index]);
        try {
            return participants[index].prepare(request) ? null : veto(index, request);
        } catch (Throwable e) {
            LOG.warn("{} threw in prepare, which counts as a veto", callbacks[index], e);
            GuestMemoryException veto = veto(index, request);
            veto.initCause(e);
            return veto;
        } finally {
            CallbackGuard.leave(outer);
        }
    }

    private GuestMemoryException veto(int index, ConversionRequest request) {
        return new GuestMemoryException(Errno.EAGAIN, callbacks[index] + " vetoes the conversion of " + request, 0,
                List.of(names[index]));
    }

    void abort(ConversionRequest request) {
        abort(request, participants.length);
    }

    private void abort(ConversionRequest request, int count) {
        for (int i = count - 1; i >= 0; i--) {
            tell(i, request, false);
        }
    }

    void commit(ConversionRequest request) {
        for (int i = 0; i < participants.length; i++) {
            tell(i, request, true);
        }
    }

    private void tell(int index, ConversionRequest request, boolean commit) {
        String outer = CallbackGuard.enter(callbacks[index]);
        try {
            if (commit) {
                participants[index].commit(request);
            } else {
                participants[index].abort(request);
            }
        } catch (Throwable e) {
            // The conversion is decided; a participant that fails here has only itself to blame.
            LOG.warn("{} threw in {}", callbacks[index], commit ? "commit" : "abort", e);
        } finally {
            CallbackGuard.leave(outer);
        }
    }
}
