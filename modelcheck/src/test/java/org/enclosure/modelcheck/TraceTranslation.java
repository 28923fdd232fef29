package org.enclosure.modelcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.enclosure.modelcheck.ProtocolTrace.Step;
import org.enclosure.tck.schedule.Event;
import org.jspecify.annotations.Nullable;

/// Turns the steps that the engine has told for one domain into actions of the model.
final class TraceTranslation {
    private static final long PAGES = 8;
    /// A key's bits that number the page; the guest's address tag is above.
    private static final long PAGE_OF_KEY = 0xffff;

    /// Which steps of the engine are which actions.
    private static final Map<String, String> ACTIONS = Map.ofEntries(
            Map.entry("enterAccess.ACCESS", "EnterAccess"), Map.entry("exitAccess.ACCESS", "ExitAccess"),
            Map.entry("generation.GENERATION", "IsCurrent"), Map.entry("generationAcquire.GENERATION", "CatchUp"),
            Map.entry("loadLong>lookUpRead", "LookUp"), Map.entry("storeLong>lookUpWrite", "LookUp"),
            Map.entry("translate>lookUpRead", "LookUp"), Map.entry("translate>lookUpWrite", "LookUp"),
            Map.entry("isInProgress.IN_PROGRESS", "IsInProgress"), Map.entry("fillPage>walk", "Walk"),
            Map.entry("fillAdmitted>fill", "Fill"), Map.entry("loadLong>getLong", "Data"),
            Map.entry("storeLong>putLong", "Data"), Map.entry("tryAccess>perform", "Data"),
            Map.entry("snapshot.SEQUENCE", "Snapshot"), Map.entry("resolve>slots", "ReadSlot"),
            Map.entry("resolve>isPrivate", "ReadAttribute"), Map.entry("resolve>allocate", "Allocate"),
            Map.entry("enterFault.FAULT", "EnterFault"), Map.entry("exitFault.FAULT", "ExitFault"),
            Map.entry("isStillValid.IN_PROGRESS", "RecheckCount"),
            Map.entry("isStillValid.SEQUENCE", "RecheckSequence"), Map.entry("publish>publish", "Publish"),
            Map.entry("begin.RANGE_START", "BeginRange"), Map.entry("begin.IN_PROGRESS", "BeginCount"),
            Map.entry("awaitFault.FAULT", "Drain"), Map.entry("clear>unmap", "Unmap"),
            Map.entry("publishRange.GENERATION", "PublishRange"), Map.entry("awaitAccess.ACCESS", "AwaitAccess"),
            Map.entry("turn>set", "Turn"), Map.entry("replaceSlots>publish", "TurnSlot"),
            Map.entry("add>publish", "AddSlot"),
            Map.entry("punch>removePages", "TurnFrames"), Map.entry("end.SEQUENCE", "EndSequence"),
            Map.entry("end.IN_PROGRESS", "EndCount"));
    private static final Set<String> LEFT_OUT = Set.of("begin.RANGE_END", "isInProgress.RANGE_START",
            "isInProgress.RANGE_END", "isStillValid.RANGE_START", "isStillValid.RANGE_END", "publishRange.RING",
            "ringStart.RING", "ringEnd.RING", "isOverrun.GENERATION", "enterResolve.RESOLVE", "exitResolve.RESOLVE",
            "awaitResolve.RESOLVE");
    private static final Set<String> OF_A_KEY = Set.of("LookUp", "Fill");
    private static final Set<String> OF_A_PAGE = Set.of("Walk", "ReadAttribute", "Allocate", "Publish");
    private static final Set<String> OF_A_RANGE = Set.of("BeginRange", "Unmap", "PublishRange", "TurnPrivate",
            "TurnShared", "TurnFrames");
    /// Steps of a wait: their second and further looks at a word are the same step.
    private static final Set<String> WAITS = Set.of("Drain", "AwaitAccess");
    private static final Set<String> RECHECKS = Set.of("RecheckCount", "RecheckSequence");

    private final List<Step> steps = new ArrayList<>();
    private final Map<Integer, Integer> vcpuOfThread = new HashMap<>();
    private final Set<Integer> inFault = new HashSet<>();

    ProtocolTrace translate(List<Event> events) {
        events.forEach(this::add);
        return new ProtocolTrace(steps);
    }

    private void add(Event event) {
        int number = event.step().indexOf('#');
        String step = number < 0 ? event.step() : event.step().substring(0, number);
        if (LEFT_OUT.contains(step)) {
            return;
        }
        String action = ACTIONS.get(step);
        if (action == null) {
            throw new AssertionError("no action of the model is named for the step " + event.step());
        }
        if (WAITS.contains(action)) {
            if (number < 0) {
                steps.add(new Step(action, index(event.holder()), 0, 0));
            }
            return;
        }
        note(action, event);
        // Zeroing looks whether the page is still the same, too; it publishes nothing.
        if (!RECHECKS.contains(action) || inFault.contains(event.thread())) {
            steps.add(step(action, event));
        }
    }

    private void note(String action, Event event) {
        switch (action) {
            case "EnterAccess" -> vcpuOfThread.put(event.thread(), index(event.holder()));
            case "EnterFault" -> inFault.add(event.thread());
            case "ExitFault" -> inFault.remove(event.thread());
            default -> {
                // Says nothing of the thread.
            }
        }
    }

    private Step step(String action, Event event) {
        String name = action.equals("Turn") ? event.flag() == 1 ? "TurnPrivate" : "TurnShared" : action;
        int vcpu = vcpuOfThread.getOrDefault(event.thread(), -1);
        if (OF_A_RANGE.contains(name)) {
            return new Step(name, -1, Math.min(event.first(), PAGES), Math.min(event.second(), PAGES));
        }
        if (OF_A_KEY.contains(name) || OF_A_PAGE.contains(name)) {
            long page = event.first() & PAGE_OF_KEY;
            return new Step(name, vcpu, page, page + 1);
        }
        return new Step(name, vcpu, 0, 0);
    }

    /// The number of a vCPU; its class was loaded by the scheduler's loader.
    private static int index(@Nullable Object holder) {
        Object vcpu = Objects.requireNonNull(holder, "a mark that is nobody's");
        for (Class<?> type = vcpu.getClass(); type != null; type = type.getSuperclass()) {
            try {
                var field = type.getDeclaredField("index");
                field.setAccessible(true);
                return field.getInt(vcpu);
            } catch (NoSuchFieldException e) {
                // It is a superclass's.
            } catch (IllegalAccessException e) {
                throw new LinkageError("the vCPU does not tell its number", e);
            }
        }
        throw new LinkageError(vcpu.getClass() + " has no number");
    }
}
