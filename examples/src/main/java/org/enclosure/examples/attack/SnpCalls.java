package org.enclosure.examples.attack;

import java.util.function.LongConsumer;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.examples.guest.MemoryMap;

/// VMGEXIT past the driver: a page of the shared buffer is the GHCB, and holds what a hostile guest likes. An answer is SW_EXITINFO2, which
/// is a reason where SW_EXITINFO1 says that the input was malformed.
final class SnpCalls {
    static final int RMPADJUST = 2;
    static final int VMGEXIT = 4;
    static final int WRMSR = 5;
    static final int RDMSR = 6;
    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final long GHCB_MSR = 0xc001_0130L;
    static final int EXIT_CODE = 0x390;
    static final int EXIT_INFO_1 = 0x398;
    static final int EXIT_INFO_2 = 0x3a0;
    static final int SCRATCH = 0x3a8;
    static final int VALID_BITMAP = 0x3f0;
    static final int BUFFER = 0x800;

    private static final int USAGE = 0xffc;
    private static final long ALL_VALID = 0x3fL << 50;
    private static final long EVENT_PSC = 0x8000_0010L;
    private static final long REGISTER = 0x012;
    private static final long MSR_PSC = 0x014;
    private static final long SHARED = 2L << 52;
    private static final long PRIVATE = 1L << 52;
    private static final long LARGE = 1L << 56;
    private static final long TOP_GFN = 0xff_ffff_ffffL;
    private static final long GHCB = MemoryMap.BOUNCE + Paging.PAGE_SIZE;
    private static final long OTHER = GHCB + Paging.PAGE_SIZE;
    private static final long MALFORMED = 2;

    private SnpCalls() {
    }

    static void unaligned(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (long gfn : new long[] {1, 511, TOP_GFN}) {
            psc(cpu, tally, answer, 0, LARGE | PRIVATE | gfn << Paging.PAGE_SHIFT);
        }
    }

    static void outside(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        psc(cpu, tally, answer, 0, PRIVATE | TOP_GFN << Paging.PAGE_SHIFT);
        psc(cpu, tally, answer, 0, LARGE | PRIVATE | TOP_GFN - 511 << Paging.PAGE_SHIFT);
    }

    static void header(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (long end : new long[] {253, 0x7fff, 0xffff}) {
            psc(cpu, tally, answer, end << 16, PRIVATE | scene.secret().gpa());
        }
    }

    static void curPage(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        psc(cpu, tally, answer, 0, SHARED | scene.secret().gpa() | 2);
        psc(cpu, tally, answer, 0, LARGE | SHARED | MemoryMap.WINDOW | 513);
        psc(cpu, tally, answer, 0, SHARED | scene.secret().gpa() | 0xfff);
    }

    static void unknownMsrOperation(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (long operation : new long[] {0, 3, 4, 15}) {
            tally.count();
            answer.accept(ask(cpu, operation << 52 | scene.secret().gpa() | MSR_PSC) >>> 32);
        }
    }

    static void unregistered(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        begin(cpu, tally);
        prepare(cpu, OTHER, EVENT_PSC, OTHER + BUFFER);
        answer.accept(exit(cpu, OTHER));
    }

    static void scratch(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (long scratch : new long[] {0, GHCB, GHCB + BUFFER - 8, GHCB + 0xff0, OTHER + BUFFER, -8,
                scene.secret().gpa()}) {
            begin(cpu, tally);
            prepare(cpu, GHCB, EVENT_PSC, scratch);
            answer.accept(exit(cpu, GHCB));
        }
    }

    static void unmarked(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (int bit = 50; bit < 54; bit++) {
            begin(cpu, tally);
            prepare(cpu, GHCB, EVENT_PSC, GHCB + BUFFER);
            long bitmap = cpu.address(GHCB + VALID_BITMAP + Long.BYTES, false);
            cpu.storeLong(bitmap, ALL_VALID & ~(1L << bit));
            answer.accept(exit(cpu, GHCB));
        }
    }

    static void usage(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        begin(cpu, tally);
        prepare(cpu, GHCB, EVENT_PSC, GHCB + BUFFER);
        cpu.store(cpu.address(GHCB + USAGE, false), 4, 1);
        answer.accept(exit(cpu, GHCB));
    }

    static void event(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        for (long event : new long[] {0, 0x7b, 0x8000_00ffL, -1}) {
            begin(cpu, tally);
            prepare(cpu, GHCB, event, GHCB + BUFFER);
            answer.accept(exit(cpu, GHCB));
        }
    }

    static void adjust(GuestCpu cpu, AttackScene scene, Tally tally, LongConsumer answer) {
        tally.count();
        RegisterFile registers = cpu.registers();
        registers.clear();
        registers.set(RAX, scene.secret().gpa());
        cpu.execute(RMPADJUST, registers);
        answer.accept(registers.get(RAX));
    }

    private static void psc(GuestCpu cpu, Tally tally, LongConsumer answer, long header, long entry) {
        begin(cpu, tally);
        prepare(cpu, GHCB, EVENT_PSC, GHCB + BUFFER);
        cpu.storeLong(cpu.address(GHCB + BUFFER, false), header);
        cpu.storeLong(cpu.address(GHCB + BUFFER + Long.BYTES, false), entry);
        answer.accept(exit(cpu, GHCB));
    }

    /// One more try, with a page that is registered.
    private static void begin(GuestCpu cpu, Tally tally) {
        tally.count();
        ask(cpu, GHCB | REGISTER);
    }

    private static void prepare(GuestCpu cpu, long ghcb, long event, long scratch) {
        long page = cpu.address(ghcb, false);
        cpu.storeLong(page + EXIT_CODE, event);
        cpu.storeLong(page + EXIT_INFO_1, 0);
        cpu.storeLong(page + EXIT_INFO_2, 0);
        cpu.storeLong(page + SCRATCH, scratch);
        cpu.storeLong(page + VALID_BITMAP, 0);
        cpu.storeLong(page + VALID_BITMAP + Long.BYTES, ALL_VALID);
        cpu.store(page + USAGE, 4, 0);
    }

    /// Exits with a page as GHCB.
    private static long exit(GuestCpu cpu, long ghcb) {
        setMsr(cpu, ghcb);
        cpu.execute(VMGEXIT, cpu.registers());
        long page = cpu.address(ghcb, false);
        long kind = cpu.loadLong(page + EXIT_INFO_1);
        long info = cpu.loadLong(page + EXIT_INFO_2);
        boolean isReason = kind == MALFORMED && info >>> 32 == 0;
        return kind == 0 || isReason ? info : -kind;
    }

    private static long ask(GuestCpu cpu, long request) {
        setMsr(cpu, request);
        cpu.execute(VMGEXIT, cpu.registers());
        RegisterFile registers = cpu.registers();
        registers.clear();
        registers.set(RCX, GHCB_MSR);
        cpu.execute(RDMSR, registers);
        return registers.get(RDX) << 32 | registers.get(RAX);
    }

    private static void setMsr(GuestCpu cpu, long value) {
        RegisterFile registers = cpu.registers();
        registers.clear();
        registers.set(RCX, GHCB_MSR);
        registers.set(RAX, value & 0xffff_ffffL);
        registers.set(RDX, value >>> 32);
        cpu.execute(WRMSR, registers);
    }
}
