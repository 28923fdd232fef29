package org.enclosure.pkvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

import org.enclosure.api.Paging;
import org.junit.jupiter.api.Test;

/// EL2's calls on the hot path allocate nothing. A window in which the JVM needs memory for itself is repeated.
class AllocationTest {
    private static final MethodHandle ALLOCATED = find();
    private static final int WINDOWS = 40;
    private static final int CALLS = 500;
    private static final long PA = BareEl2.FREE;
    private static final long GFN = 0x5_0000;

    /// The JVM's count, found by name, because this module does not read the management modules.
    private static MethodHandle find() {
        try {
            Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
            Class<?> threads = Class.forName("java.lang.management.ThreadMXBean");
            Class<?> type = Class.forName("com.sun.management.ThreadMXBean");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Object bean = lookup.findStatic(factory, "getThreadMXBean", MethodType.methodType(threads)).invoke();
            return lookup.findVirtual(type, "getCurrentThreadAllocatedBytes", MethodType.methodType(long.class))
                    .bindTo(bean);
        } catch (Throwable t) {
            throw new AssertionError("this JVM does not count allocated bytes", t);
        }
    }

    private static long allocated() {
        try {
            return (long) ALLOCATED.invokeExact();
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    @Test
    void shouldAllocateNothingToDonateShareUnshareJudgeAndDecode() {
        BareEl2 machine = new BareEl2(Profile.UNION);
        long vm = machine.vm(true, 4);
        Hypercall call = new Hypercall();
        long least = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS && least > 0; window++) {
            long before = allocated();
            for (int i = 0; i < CALLS; i++) {
                use(machine.el2, vm, i % 64, call);
            }
            least = Math.min(least, allocated() - before);
        }
        assertEquals(0, least);
    }

    private static void use(El2 el2, long vm, long page, Hypercall call) {
        long pa = PA + (page << Paging.PAGE_SHIFT);
        el2.protectedGuestCalls().donate(vm, pa, GFN + page);
        el2.hostCalls().hostAccess(pa >>> Paging.PAGE_SHIFT);
        el2.hypercalls().decode(vm, 0xc600_0003L, GFN + page << Paging.PAGE_SHIFT, 0, 0, call);
        el2.hypercalls().perform(vm, call);
        el2.hostCalls().hostAccess(pa >>> Paging.PAGE_SHIFT);
        el2.guestCalls().unshareHost(vm, GFN + page);
        el2.guestStage2().pageEntry(el2.guestStage2().pageTable(el2.inspection().root(vm), GFN + page), GFN + page);
        el2.guestCalls().relinquish(vm, GFN + page);
    }
}
