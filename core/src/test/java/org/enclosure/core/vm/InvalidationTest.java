package org.enclosure.core.vm;

import static org.enclosure.core.vm.Machine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.machine.VmCore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a pre-fault does that meets a range under invalidation, held open here as no call of the API can hold it.
@Timeout(60)
class InvalidationTest {
    private static @Nullable Errno preFault(Machine machine) {
        try {
            machine.vcpu.preFault(0, 2 * PAGE);
            return null;
        } catch (GuestMemoryException e) {
            return e.errno();
        }
    }

    /// The outcome of a pre-fault during an invalidation, which ends when the pre-fault was given time to meet it.
    private static @Nullable Errno outcome(Machine machine, boolean slotGoes) throws Exception {
        VmCore core = ((VmImpl) machine.vm).core();
        core.retire(slotGoes ? core.slots().byId(0) : null);
        core.domain().begin(0, 512);
        CompletableFuture<@Nullable Errno> call = CompletableFuture.supplyAsync(() -> preFault(machine));
        try {
            if (slotGoes) {
                return call.get(30, TimeUnit.SECONDS);
            }
            Thread.sleep(50);
            assertFalse(call.isDone(), "it waits");
        } finally {
            core.domain().end();
            core.retire(null);
        }
        return call.get(30, TimeUnit.SECONDS);
    }

    @Test
    void shouldWaitForAConversion() throws Exception {
        try (Machine machine = new Machine(Machine.software())) {
            assertEquals(null, outcome(machine, false));
        }
    }

    @Test
    void shouldTellThatTheSlotGoes() throws Exception {
        try (Machine machine = new Machine(Machine.software())) {
            assertEquals(Errno.EAGAIN, outcome(machine, true));
        }
    }

    @Test
    void shouldStopWaitingForASignal() throws Exception {
        for (String profile : List.of("profile=6.18")) {
            try (Machine machine = new Machine(Machine.software(profile))) {
                VmCore core = ((VmImpl) machine.vm).core();
                core.retire(core.slots().byId(0));
                core.domain().begin(0, 512);
                CompletableFuture<@Nullable Errno> call = CompletableFuture.supplyAsync(() -> preFault(machine));
                try {
                    while (!call.isDone()) {
                        machine.vcpu.kick();
                        Thread.sleep(1);
                    }
                } finally {
                    core.domain().end();
                    core.retire(null);
                }
                assertEquals(Errno.EINTR, call.get(30, TimeUnit.SECONDS), "an old kernel loops until then");
            }
        }
    }
}
