package org.enclosure.cli.verify.snp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEventHandler;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.GuestDriver;

/// A vCPU for a guest driver without a machine: pages of zeroes at first touch, instructions answered by a [PaperHost]. Addresses of both
/// kinds reach the same pages.
final class PaperCpu implements GuestCpu {
    private static final int PAGE = 4096;

    private final PaperHost host;
    private final GuestDriver driver;
    private final RegisterFile registers = new RegisterFile();
    private final Map<Long, byte[]> pages = new HashMap<>();

    PaperCpu(PaperHost host, GuestDriver driver) {
        this.host = host;
        this.driver = driver;
    }

    /// A copy of a page.
    byte[] page(long gpa) {
        return bytes(gpa).clone();
    }

    void setPage(long gpa, byte[] page) {
        System.arraycopy(page, 0, bytes(gpa), 0, PAGE);
    }

    private byte[] bytes(long address) {
        return pages.computeIfAbsent(driver.tagged(address, false) / PAGE, page -> new byte[PAGE]);
    }

    private ByteBuffer at(long address) {
        return ByteBuffer.wrap(bytes(address)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public long loadLong(long address) {
        return at(address).getLong((int) (address % PAGE));
    }

    @Override
    public void storeLong(long address, long value) {
        at(address).putLong((int) (address % PAGE), value);
    }

    @Override
    public long load(long address, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << Byte.SIZE | at(address + i).get((int) ((address + i) % PAGE)) & 0xff;
        }
        return value;
    }

    @Override
    public void store(long address, int size, long value) {
        for (int i = 0; i < size; i++) {
            at(address + i).put((int) ((address + i) % PAGE), (byte) (value >>> Byte.SIZE * i));
        }
    }

    @Override
    public boolean compareAndSwap(long address, long expected, long value) {
        boolean isExpected = loadLong(address) == expected;
        if (isExpected) {
            storeLong(address, value);
        }
        return isExpected;
    }

    @Override
    public void read(long address, byte[] into, int offset, int length) {
        for (int i = 0; i < length; i++) {
            into[offset + i] = (byte) load(address + i, 1);
        }
    }

    @Override
    public void write(long address, byte[] from, int offset, int length) {
        for (int i = 0; i < length; i++) {
            store(address + i, 1, from[offset + i]);
        }
    }

    @Override
    public void execute(int instruction, RegisterFile file) {
        host.execute(instruction, file, this);
    }

    @Override
    public RegisterFile registers() {
        return registers;
    }

    @Override
    public void onEvent(GuestEventHandler handler) {
        // Nothing happens here that would raise one.
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
        // Nobody kicks.
    }
}
