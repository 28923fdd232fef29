package org.enclosure.core.convert;

import java.util.List;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the participants in two phases: all prepare before anything changes; then all commit, or those that prepared abort.
final class ParticipantList {
    private static final Logger LOG = LoggerFactory.getLogger(ParticipantList.class);

    private final Participant[] participants;

    ParticipantList(List<Participant> participants) {
        this.participants = participants.toArray(Participant[]::new);
    }

    boolean isEmpty() {
        return participants.length == 0;
    }

    /// Asks all in order; on a veto those asked before abort.
    ///
    /// @throws GuestMemoryException EAGAIN, with the name of who vetoed
    void prepare(ConversionRequest request) {
        for (int i = 0; i < participants.length; i++) {
            if (!prepares(participants[i], request)) {
                abort(request, i);
                String name = participants[i].name();
                throw new GuestMemoryException(Errno.EAGAIN,
                        "participant " + name + " vetoes the conversion of " + request, 0,
                        List.of(name));
            }
        }
    }

    private static boolean prepares(Participant participant, ConversionRequest request) {
        String outer = CallbackGuard.enter("participant " + participant.name());
        try {
            return participant.prepare(request);
        } catch (RuntimeException e) {
            LOG.warn("participant {} threw in prepare, which counts as a veto", participant.name(), e);
            return false;
        } finally {
            CallbackGuard.leave(outer);
        }
    }

    void abort(ConversionRequest request) {
        abort(request, participants.length);
    }

    private void abort(ConversionRequest request, int count) {
        for (int i = count - 1; i >= 0; i--) {
            tell(participants[i], request, false);
        }
    }

    void commit(ConversionRequest request) {
        for (Participant participant : participants) {
            tell(participant, request, true);
        }
    }

    private static void tell(Participant participant, ConversionRequest request, boolean commit) {
        String outer = CallbackGuard.enter("participant " + participant.name());
        try {
            if (commit) {
                participant.commit(request);
            } else {
                participant.abort(request);
            }
        } catch (RuntimeException e) {
            // The conversion is decided; a participant that fails here has only itself to blame.
            LOG.warn("participant {} threw in {}", participant.name(), commit ? "commit" : "abort", e);
        } finally {
            CallbackGuard.leave(outer);
        }
    }
}
