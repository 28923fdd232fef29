package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Esr;
import org.enclosure.spi.PhysicalMemory;

/// The processor of a running REC, one action at a time: stage 1 is off, loads and stores have 8 bytes and use one register.
public final class RealmCpu {
    /// The register that loads and stores use.
    public static final int REGISTER = 5;

    private static final long PAGE_OFFSET = Granules.SIZE - 1;

    private final PhysicalMemory memory;
    private final Translation translation;
    private final Exits exits;

    RealmCpu(PhysicalMemory memory, Translation translation, Exits exits) {
        this.memory = memory;
        this.translation = translation;
        this.exits = exits;
    }

    /// Loads 8 bytes.
    ///
    /// @return an outcome of [Step]
    public int load(long rec, long ipa, Step step) {
        return access(rec, ipa, false, 0, step);
    }

    /// Stores 8 bytes.
    ///
    /// @return an outcome of [Step]
    public int store(long rec, long ipa, long value, Step step) {
        return access(rec, ipa, true, value, step);
    }

    /// Fetches an instruction.
    ///
    /// @return an outcome of [Step]
    public int fetch(long rec, long ipa, Step step) {
        step.clear();
        long answer = find(rec, ipa, true, step);
        if (answer >= 0) {
            step.pas = Translation.isNs(answer) ? Pas.NS : Pas.REALM;
            step.value = memory.getLong(Translation.address(answer, ipa) & -Long.BYTES);
            return Step.DONE;
        }
        return switch (Translation.kind(answer)) {
            case Translation.REALM_ABORT -> abort(step, Esr.externalFetchAbort(), ipa);
            case Translation.PROTECTION_FAULT -> Step.PROTECTION_FAULT;
            default -> {
                exits.protectedAbort(rec, ipa, Translation.level(answer), true);
                yield Step.EXIT_AGAIN;
            }
        };
    }

    /// A hypervisor call: a realm has none.
    public int hvc() {
        return Step.UNDEFINED;
    }

    /// Waits for an interrupt, which the RMM traps for the host.
    public int wfi(long rec) {
        exits.sync(rec, Esr.WFX, 0, 0);
        return Step.EXIT_DONE;
    }

    private int access(long rec, long ipa, boolean isWrite, long value, Step step) {
        step.clear();
        long last = ipa + Long.BYTES - 1;
        long answer = find(rec, ipa, false, step);
        long faulting = ipa;
        long behind = answer;
        if (answer >= 0 && (ipa & PAGE_OFFSET) > PAGE_OFFSET - Long.BYTES + 1) {
            faulting = last & ~PAGE_OFFSET;
            behind = find(rec, faulting, false, step);
        }
        if (behind < 0) {
            return refused(rec, faulting, behind, isWrite, value, step);
        }
        step.pas = Translation.isNs(answer) ? Pas.NS : Pas.REALM;
        step.value = isWrite ? value : 0;
        for (int i = 0; i < Long.BYTES; i++) {
            long at = ipa + i;
            long pa = Translation.address((at ^ ipa) > PAGE_OFFSET ? behind : answer, at);
            if (isWrite) {
                memory.putByte(pa, (byte) (value >>> i * Byte.SIZE));
            } else {
                step.value |= (memory.getByte(pa) & 0xffL) << i * Byte.SIZE;
            }
        }
        return Step.DONE;
    }

    private int refused(long rec, long ipa, long answer, boolean isWrite, long value, Step step) {
        int level = Translation.level(answer);
        switch (Translation.kind(answer)) {
            case Translation.REALM_ABORT -> {
                return abort(step, Esr.externalDataAbort(REGISTER, isWrite), ipa);
            }
            case Translation.PROTECTION_FAULT -> {
                return Step.PROTECTION_FAULT;
            }
            case Translation.UNPROTECTED_FAULT -> exits.unprotectedAbort(rec, ipa, level, isWrite, REGISTER, value);
            default -> exits.protectedAbort(rec, ipa, level, false);
        }
        return Step.EXIT_AGAIN;
    }

    private long find(long rec, long ipa, boolean isFetch, Step step) {
        return translation.find(memory.getLong(rec + RecLayout.RD), ipa, isFetch, step.cache);
    }

    private static int abort(Step step, long esr, long far) {
        step.esr = esr;
        step.far = far;
        return Step.ABORTED;
    }
}
