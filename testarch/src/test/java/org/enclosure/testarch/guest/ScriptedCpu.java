package org.enclosure.testarch.guest;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEventHandler;
import org.enclosure.api.vcpu.RegisterFile;

/// A vCPU on which only instructions do something: they are written down and answered from a script.
final class ScriptedCpu implements GuestCpu {
    final List<List<Long>> calls = new ArrayList<>();
    private final long[] results;
    private final RegisterFile registers = new RegisterFile();

    /// Answers with pairs of what registers 0 and 1 hold afterwards; all further calls with the last pair.
    ScriptedCpu(long... results) {
        this.results = results;
    }

    @Override
    public void execute(int instruction, RegisterFile file) {
        calls.add(List.of((long) instruction, file.get(0), file.get(1), file.get(2), file.get(3)));
        int pair = 2 * Math.min(calls.size(), results.length / 2) - 2;
        file.set(0, results[pair]);
        file.set(1, results[pair + 1]);
    }

    @Override
    public RegisterFile registers() {
        return registers;
    }

    @Override
    public void poll() {
        // Nobody kicks a scripted vCPU.
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public long loadLong(long address) {
        throw notScripted();
    }

    @Override
    public void storeLong(long address, long value) {
        throw notScripted();
    }

    @Override
    public long load(long address, int size) {
        throw notScripted();
    }

    @Override
    public void store(long address, int size, long value) {
        throw notScripted();
    }

    @Override
    public boolean compareAndSwap(long address, long expected, long value) {
        throw notScripted();
    }

    @Override
    public void read(long address, byte[] into, int offset, int length) {
        throw notScripted();
    }

    @Override
    public void write(long address, byte[] from, int offset, int length) {
        throw notScripted();
    }

    @Override
    public void onEvent(GuestEventHandler handler) {
        throw notScripted();
    }

    @Override
    public long address(long gpa, boolean isPrivate) {
        throw notScripted();
    }

    @Override
    public void accept(long gpa, long bytes) {
        throw notScripted();
    }

    @Override
    public void share(long gpa, long bytes) {
        throw notScripted();
    }

    @Override
    public void unshare(long gpa, long bytes) {
        throw notScripted();
    }

    private static AssertionError notScripted() {
        return new AssertionError("the driver needs instructions and registers alone");
    }
}
