package org.enclosure.modelcheck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.enclosure.tck.schedule.Event;

/// The steps of the engine on one VM, as actions of the model.
///
/// The resolve mark, the ring's words and repeated looks at a mark are left out: the model has no memory that is freed, and takes a
/// wait as one step.
///
/// @param steps in the order in which they were made
record ProtocolTrace(List<Step> steps) {
    /// One action.
    ///
    /// @param action its name in the model, but for the two meanings of `isInProgress`
    /// @param vcpu whose, or -1
    /// @param first the first of the pages that it is about
    /// @param end the page after the last one
    record Step(String action, int vcpu, long first, long end) {
        @Override
        public String toString() {
            return action + (vcpu < 0 ? "" : " of vCPU " + vcpu)
                    + (end == 0 ? "" : " for pages " + first + " to " + (end - 1));
        }
    }

    ProtocolTrace {
        steps = List.copyOf(steps);
    }

    /// The traces of a run: one for each VM in it.
    static List<ProtocolTrace> of(List<Event> events) {
        IdentityHashMap<Object, List<Event>> byDomain = new IdentityHashMap<>();
        Set<Object> vms = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Event event : events) {
            byDomain.computeIfAbsent(event.domain(), domain -> new ArrayList<>()).add(event);
            if (event.step().contains(">")) {
                vms.add(event.domain()); // what is called so works on guest pages, not on those of the host
            }
        }
        return vms.stream().map(vm -> new TraceTranslation().translate(byDomain.getOrDefault(vm, List.of()))).toList();
    }
}
