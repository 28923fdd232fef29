package org.enclosure.core.vcpu;

import org.enclosure.api.Paging;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.Obstacle;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEventHandler;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.core.convert.ConversionGate;
import org.enclosure.core.convert.RequestView;
import org.enclosure.core.event.ExitEvent;
import org.enclosure.core.machine.GuestEntry;
import org.enclosure.core.mem.Raw;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.VcpuBackend;
import org.jspecify.annotations.Nullable;

/// The guest's face: the fast path of loads and stores, and what becomes of an access that has an outcome for others.
final class GuestCpuImpl extends VcpuMemory implements GuestCpu {
    private static final int LAST_LONG = (int) Paging.PAGE_SIZE - Long.BYTES;

    private final GuestDriver driver;
    private final RegisterFile registers = new RegisterFile();
    private final StopGuest stop = new StopGuest();
    private final GuestInstructions instructions;
    private final ConversionGate gate;
    private final RequestView view = new RequestView();
    private final Reentry reentry;
    private @Nullable GuestEventHandler events;
    private ExitHandler handler = ExitHandler.POLICY;

    GuestCpuImpl(VcpuParts parts, int index, VcpuBackend backend, GuestEntry entry, GuestRequests requests) {
        super(parts, index, backend, entry, requests);
        driver = parts.vm().backend().guestDriver();
        gate = parts.gate();
        reentry = new Reentry(this, parts.engine());
        instructions = new GuestInstructions(this);
    }

    // ---- the run --------------------------------------------------------------------------------------------------------

    void begin(ExitHandler newHandler) {
        handler = newHandler;
        ended = false;
        events = null;
        registers.clear();
        call.reset();
        setActive(true);
        if (enterGuest() != DONE) {
            tellVmm();
            throw stopped();
        }
        vm.noteRun();
        if (index == 0) {
            driver.boot(this);
            if (vm.resetsAtBoot()) {
                resetMemory();
            }
        }
    }

    /// What a guest's firmware does first when it cannot know what ran before: one request per range of its memory.
    private void resetMemory() {
        vm.resetAtBoot(false);
        for (SlotEntry slot : vm.slots().entries()) {
            if (slot.half(true) != null) {
                driver.unshare(this, slot.memslot().gpa(), slot.memslot().bytes());
            }
        }
    }

    void end() {
        entry.leave(VcpuBackend.LEFT_STOP, detail);
        setActive(false);
    }

    // ---- loads and stores -----------------------------------------------------------------------------------------------

    @Override
    public long loadLong(long address) {
        enterAccess();
        if (isCurrent()) {
            long page = lookUpRead(address >>> Paging.PAGE_SHIFT);
            int offset = (int) address & (int) Paging.PAGE_MASK;
            if (page >= 0 && offset <= LAST_LONG) {
                long value = Raw.getLong(page + offset);
                exitAccess();
                return value;
            }
        }
        exitAccess();
        return loadSlow(address, Long.BYTES);
    }

    @Override
    public void storeLong(long address, long value) {
        enterAccess();
        if (isCurrent()) {
            long page = lookUpWrite(address >>> Paging.PAGE_SHIFT);
            int offset = (int) address & (int) Paging.PAGE_MASK;
            if (page >= 0 && offset <= LAST_LONG) {
                Raw.putLong(page + offset, value);
                exitAccess();
                return;
            }
        }
        exitAccess();
        storeSlow(address, Long.BYTES, value);
    }

    @Override
    public long load(long address, int size) {
        checkSize(size);
        return size == Long.BYTES ? loadLong(address) : loadSlow(address, size);
    }

    @Override
    public void store(long address, int size, long value) {
        checkSize(size);
        if (size == Long.BYTES) {
            storeLong(address, value);
        } else {
            storeSlow(address, size, value);
        }
    }

    static void checkSize(int size) {
        if (size != 1 && size != 2 && size != 4 && size != 8) {
            throw new IllegalArgumentException("access of " + size + " bytes; legal are 1, 2, 4 and 8");
        }
    }

    private long loadSlow(long address, int size) {
        for (;;) {
            int outcome = access(address, size, LOAD);
            if (outcome == DONE) {
                return loaded;
            }
            if (outcome == MMIO) {
                return mmio(address, size, false, 0);
            }
            act(outcome);
        }
    }

    private void storeSlow(long address, int size, long value) {
        for (;;) {
            operand = value;
            int outcome = access(address, size, STORE);
            if (outcome == DONE) {
                return;
            }
            if (outcome == MMIO) {
                mmio(address, size, true, value);
                return;
            }
            act(outcome);
        }
    }

    @Override
    public boolean compareAndSwap(long address, long expectedValue, long value) {
        if ((address & Long.BYTES - 1) != 0) {
            throw new IllegalArgumentException(
                    "compare-and-swap at 0x" + Long.toHexString(address) + " is not aligned to 8");
        }
        for (;;) {
            expected = expectedValue;
            operand = value;
            int outcome = access(address, Long.BYTES, SWAP);
            if (outcome == DONE) {
                return loaded != 0;
            }
            if (outcome == MMIO) {
                mmio(address, Long.BYTES, true, value);
                return false;
            }
            act(outcome);
        }
    }

    @Override
    public void read(long address, byte[] into, int offset, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, into.length);
        int done = 0;
        for (; done < length && (address + done & 7) != 0; done++) {
            into[offset + done] = (byte) loadSlow(address + done, 1);
        }
        for (; done + Long.BYTES <= length; done += Long.BYTES) {
            Bytes.putLong(into, offset + done, loadLong(address + done));
        }
        for (; done < length; done++) {
            into[offset + done] = (byte) loadSlow(address + done, 1);
        }
    }

    @Override
    public void write(long address, byte[] from, int offset, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, from.length);
        int done = 0;
        for (; done < length && (address + done & 7) != 0; done++) {
            storeSlow(address + done, 1, from[offset + done]);
        }
        for (; done + Long.BYTES <= length; done += Long.BYTES) {
            storeLong(address + done, Bytes.getLong(from, offset + done));
        }
        for (; done < length; done++) {
            storeSlow(address + done, 1, from[offset + done]);
        }
    }

    // ---- outcomes -------------------------------------------------------------------------------------------------------

    /// Deals with an outcome so that the access can be tried again; does not return if it cannot.
    void act(int outcome) {
        switch (outcome) {
            case EVENT -> deliver(detail.event, detail.gfn);
            case EXIT -> exitAndConvert();
            case RING_FULL -> {
                if (exitToVmm() == ExitAction.STOP) {
                    throw stopped();
                }
            }
            case ENDED -> throw stop;
            default -> {
                exitToVmm();
                throw stopped();
            }
        }
    }

    private void deliver(int event, long gfn) {
        GuestEventHandler installed = events;
        long gpa = gfn << Paging.PAGE_SHIFT;
        boolean again = installed == null ? driver.onEvent(this, event, gpa) : installed.handle(this, event, gpa);
        if (!again) {
            exit.unhandledEvent(gfn, event);
            exitToVmm();
            throw stopped();
        }
    }

    private long mmio(long address, int size, boolean write, long value) {
        exit.mmio(address & ~vm.tagMask(), size, write, value);
        if (exitToVmm() == ExitAction.STOP) {
            throw stopped();
        }
        return exit.data();
    }

    /// A MEMORY_FAULT that the handler leaves to the policy becomes an implicit conversion; a page that the host holds is tried
    /// again; everything else ends the run.
    private void exitAndConvert() {
        long gpa = exit.gpa();
        boolean toPrivate = exit.isPrivate();
        Obstacle obstacle = exit.obstacle();
        leaveFor(VcpuBackend.LEFT_CALL);
        ExitAction action = tellVmm();
        long result = exit.isAnswered() ? exit.result() : obstacle == Obstacle.PINNED ? 0 : -1;
        if (action == ExitAction.RESUME && !exit.isAnswered() && obstacle == Obstacle.MISMATCH
                && vm.policies().convertsOnFault()) {
            result = reentry.convertOnFault(gpa, toPrivate);
        }
        comeBack();
        if (action == ExitAction.STOP || result != 0) {
            throw stopped();
        }
    }

    /// Exits with the record as it stands.
    ExitAction exitToVmm() {
        leaveFor(VcpuBackend.LEFT_CALL);
        ExitAction action = tellVmm();
        comeBack();
        return action;
    }

    void leaveFor(int reason) {
        entry.leave(reason, detail);
        setActive(false);
    }

    void comeBack() {
        setActive(true);
        if (!vm.isDead() && enterGuest() != DONE) {
            tellVmm();
            throw stopped();
        }
    }

    /// Out of the guest: counts the exit and calls the handler.
    ExitAction tellVmm() {
        context.counters().exit(exit.reason());
        ExitEvent.emit(exit.reason().name(), exit.gpa());
        boolean answers = false;
        try {
            ExitAction action = handler.onExit(exit);
            answers = true;
            return action;
        } finally {
            if (!answers) {
                endRun(); // what it throws goes through the guest program
            }
        }
    }

    /// Out of the guest, between two exits: kicks and pauses.
    void attendOutside() {
        if (requests.isPending() && requests.serve()) {
            exit.end(ExitReason.INTERRUPTED, "kicked");
            tellVmm();
            throw stopped();
        }
        if (vm.isDead()) {
            exit.end(ExitReason.SHUTDOWN, "the VM is dead");
            tellVmm();
            throw stopped();
        }
    }

    Reentry reentry() {
        return reentry;
    }

    /// Ends the run by what this returns.
    StopGuest stopped() {
        endRun();
        return stop;
    }

    /// A guest program that catches what ends its run is out of the guest, so nothing may be left that it could access.
    private void endRun() {
        ended = true;
        dropAll();
    }

    boolean isStop(StopGuest thrown) {
        return thrown == stop;
    }

    ConversionGate gate() {
        return gate;
    }

    RequestView view() {
        return view;
    }

    // ---- the rest of the guest's face -----------------------------------------------------------------------------------

    @Override
    public int index() {
        return index;
    }

    @Override
    public void execute(int instruction, RegisterFile file) {
        instructions.execute(instruction, file);
    }

    @Override
    public RegisterFile registers() {
        return registers;
    }

    @Override
    public void onEvent(GuestEventHandler newHandler) {
        events = newHandler;
    }

    @Override
    public long address(long gpa, boolean isPrivate) {
        return driver.tagged(gpa, isPrivate);
    }

    @Override
    public void accept(long gpa, long bytes) {
        driver.accept(this, gpa, bytes);
    }

    @Override
    public void share(long gpa, long bytes) {
        driver.share(this, gpa, bytes);
    }

    @Override
    public void unshare(long gpa, long bytes) {
        driver.unshare(this, gpa, bytes);
    }

    @Override
    public void poll() {
        int outcome = attend();
        if (outcome != DONE && outcome != AGAIN) {
            act(outcome);
        }
    }
}
