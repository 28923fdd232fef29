package org.enclosure.cli.verify.tdx;

import java.util.Arrays;
import java.util.function.Consumer;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEventHandler;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.cli.verify.CaseFailure;

/// A guest CPU whose instructions are answered by a case and that has no memory.
final class ScriptedCpu implements GuestCpu {
    private final RegisterFile registers = new RegisterFile();
    private final Consumer<RegisterFile> instruction;

    ScriptedCpu(Consumer<RegisterFile> instruction) {
        this.instruction = instruction;
    }

    @Override
    public void execute(int number, RegisterFile operands) {
        instruction.accept(operands);
    }

    @Override
    public RegisterFile registers() {
        return registers;
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public void poll() {
        // Nobody kicks.
    }

    @Override
    public void onEvent(GuestEventHandler handler) {
        // There are no events.
    }

    @Override
    public long loadLong(long address) {
        throw noMemory(address);
    }

    @Override
    public void storeLong(long address, long value) {
        throw noMemory(address);
    }

    @Override
    public long load(long address, int size) {
        throw noMemory(address);
    }

    @Override
    public void store(long address, int size, long value) {
        throw noMemory(address);
    }

    @Override
    public boolean compareAndSwap(long address, long expected, long value) {
        throw noMemory(address);
    }

    @Override
    public void read(long address, byte[] into, int offset, int length) {
        Arrays.fill(into, offset, offset + length, (byte) 0);
        throw noMemory(address);
    }

    @Override
    public void write(long address, byte[] from, int offset, int length) {
        throw noMemory(address);
    }

    @Override
    public long address(long gpa, boolean isPrivate) {
        return gpa;
    }

    @Override
    public void accept(long gpa, long bytes) {
        throw noMemory(gpa);
    }

    @Override
    public void share(long gpa, long bytes) {
        throw noMemory(gpa);
    }

    @Override
    public void unshare(long gpa, long bytes) {
        throw noMemory(gpa);
    }

    private static CaseFailure noMemory(long address) {
        return new CaseFailure("the driver touches memory at 0x" + Long.toHexString(address));
    }
}
