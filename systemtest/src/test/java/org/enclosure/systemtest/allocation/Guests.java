package org.enclosure.systemtest.allocation;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEventHandler;
import org.enclosure.api.vcpu.GuestProgram;

/// The guest programs of the exercises, made once.
final class Guests {
    private static final int HALF = Subject.PAGES / 2;
    private static final int TOUCHED = 8;
    private static final GuestEventHandler ACCEPT = Subject::acceptOnEvent;
    private static final byte[] BUFFER = new byte[100];

    static final GuestProgram LOAD = Guests::load;
    static final GuestProgram STORE = Guests::store;
    static final GuestProgram SMALL = Guests::small;
    static final GuestProgram MISS = Guests::miss;
    static final GuestProgram TOUCH = Guests::touch;
    static final GuestProgram CALL = Guests::call;
    static final GuestProgram ACCESS = Guests::access;

    private Guests() {
    }

    private static void load(GuestCpu cpu) {
        cpu.onEvent(ACCEPT);
        long address = cpu.address(0, true);
        for (int i = 0; i < Exercise.OPERATIONS; i++) {
            cpu.loadLong(address + i * 8L);
        }
    }

    private static void store(GuestCpu cpu) {
        cpu.onEvent(ACCEPT);
        long address = cpu.address(0, true);
        for (int i = 0; i < Exercise.OPERATIONS; i++) {
            cpu.storeLong(address + i * 8L, i);
        }
    }

    private static void small(GuestCpu cpu) {
        cpu.onEvent(ACCEPT);
        long address = cpu.address(0, true);
        cpu.store(address + 1, 1, 2);
        cpu.store(address + 2, 2, 2);
        cpu.store(address + Paging.PAGE_SIZE - 2, 4, cpu.load(address + 4, 4));
        cpu.compareAndSwap(address + 64, cpu.loadLong(address + 64), 5);
        cpu.write(address + Paging.PAGE_SIZE - 50, BUFFER, 0, BUFFER.length);
        cpu.read(address + Paging.PAGE_SIZE - 50, BUFFER, 0, BUFFER.length);
        cpu.poll();
    }

    /// Two pages that share an entry of the TLB take turns.
    private static void miss(GuestCpu cpu) {
        cpu.onEvent(ACCEPT);
        long first = cpu.address(0, true);
        long second = cpu.address(HALF * Paging.PAGE_SIZE, true);
        for (int i = 0; i < Exercise.OPERATIONS; i += 2) {
            cpu.loadLong(first);
            cpu.loadLong(second);
        }
    }

    private static void touch(GuestCpu cpu) {
        cpu.onEvent(ACCEPT);
        for (int page = 0; page < TOUCHED; page++) {
            cpu.storeLong(cpu.address(page * Paging.PAGE_SIZE, true), page);
        }
    }

    /// Converts by the architecture's call, a page and a range.
    private static void call(GuestCpu cpu) {
        cpu.onEvent(ACCEPT);
        cpu.share(0, Paging.PAGE_SIZE);
        cpu.storeLong(cpu.address(0, false), 1);
        cpu.unshare(0, Paging.PAGE_SIZE);
        cpu.share(0, TOUCHED * Paging.PAGE_SIZE);
        cpu.unshare(0, TOUCHED * Paging.PAGE_SIZE);
        cpu.loadLong(cpu.address(0, true));
    }

    /// Converts by an access in the other kind.
    private static void access(GuestCpu cpu) {
        cpu.onEvent(ACCEPT);
        cpu.storeLong(cpu.address(0, false), 1);
        cpu.storeLong(cpu.address(0, true), 1);
    }
}
