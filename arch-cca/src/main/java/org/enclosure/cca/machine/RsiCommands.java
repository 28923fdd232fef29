package org.enclosure.cca.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.enclosure.cca.wire.Ripas;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.Rsi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.cca.wire.RunPage;
import org.enclosure.spi.PhysicalMemory;

/// The SMCs of a realm: RSI (RMM specification 1.0, B5), and through [PsciCommands] PSCI. Arguments and results are in the
/// registers of the [Step]; an error leaves the others as they are.
public final class RsiCommands {
    private static final int MEASUREMENT_WORDS = Rd.MEASUREMENT_BYTES / Long.BYTES;

    private final PhysicalMemory memory;
    private final Walker walker;
    private final Translation translation;
    private final Exits exits;
    private final HostMemory host;
    private final Measurements measurements;
    private final PsciCommands psci;

    RsiCommands(PhysicalMemory memory, Walker walker, Translation translation, Exits exits, HostMemory host,
            PsciCommands psci) {
        this.memory = memory;
        this.walker = walker;
        this.translation = translation;
        this.exits = exits;
        this.host = host;
        this.psci = psci;
        measurements = new Measurements(memory);
    }

    /// Executes the SMC in `step.x`.
    ///
    /// @return DONE, EXIT_AGAIN, EXIT_PENDING or EXIT_DONE of [Step]
    public int call(long rec, Step step) {
        long[] x = step.x;
        long rd = memory.getLong(rec + RecLayout.RD);
        if (x[0] < Rsi.BASE || x[0] > Rsi.HOST_CALL) {
            return psci.call(rec, rd, x);
        }
        return switch ((int) (x[0] - Rsi.BASE)) {
            case (int) (Rsi.VERSION - Rsi.BASE) -> version(x);
            case (int) (Rsi.FEATURES - Rsi.BASE) -> done(x, Rsi.SUCCESS, 0);
            case (int) (Rsi.MEASUREMENT_READ - Rsi.BASE) -> readMeasurement(rd, x);
            case (int) (Rsi.MEASUREMENT_EXTEND - Rsi.BASE) -> extendMeasurement(rd, x);
            // The machine has no attestation key: no token can be started, so none can be continued.
            case (int) (Rsi.ATTEST_TOKEN_INIT - Rsi.BASE) -> done(x, Rsi.ERROR_UNKNOWN);
            case (int) (Rsi.ATTEST_TOKEN_CONTINUE - Rsi.BASE) -> done(x, Rsi.ERROR_STATE);
            case (int) (Rsi.REALM_CONFIG - Rsi.BASE) -> config(rec, rd, step);
            case (int) (Rsi.IPA_STATE_SET - Rsi.BASE) -> setState(rec, rd, x);
            case (int) (Rsi.IPA_STATE_GET - Rsi.BASE) -> getState(rd, x);
            default -> hostCall(rec, rd, step);
        };
    }

    private static int version(long[] x) {
        x[0] = x[1] == Rmi.VERSION_1_0 ? Rsi.SUCCESS : Rsi.ERROR_INPUT;
        x[1] = Rmi.VERSION_1_0;
        x[2] = Rmi.VERSION_1_0;
        return Step.DONE;
    }

    private int readMeasurement(long rd, long[] x) {
        long index = x[1];
        if (index < 0 || index >= Rd.MEASUREMENT_COUNT) {
            return done(x, Rsi.ERROR_INPUT);
        }
        for (int word = 0; word < MEASUREMENT_WORDS; word++) {
            x[1 + word] = measurements.word(rd, (int) index, word);
        }
        return done(x, Rsi.SUCCESS);
    }

    private int extendMeasurement(long rd, long[] x) {
        long index = x[1];
        long size = x[2];
        if (index < 1 || index >= Rd.MEASUREMENT_COUNT || size < 0 || size > Rd.MEASUREMENT_BYTES) {
            return done(x, Rsi.ERROR_INPUT);
        }
        ByteBuffer value = ByteBuffer.allocate(Rd.MEASUREMENT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int word = 0; word < MEASUREMENT_WORDS; word++) {
            value.putLong(x[3 + word]);
        }
        measurements.extend(rd, (int) index, value.array(), (int) size);
        return done(x, Rsi.SUCCESS);
    }

    private int config(long rec, long rd, Step step) {
        long[] x = step.x;
        long ipa = x[1];
        if (!Rd.isProtectedGranule(memory, rd, ipa)) {
            return done(x, Rsi.ERROR_INPUT);
        }
        long answer = translation.find(rd, ipa, false, step.cache);
        if (answer < 0) {
            return unreachable(rec, ipa, answer, x);
        }
        long page = Translation.address(answer, ipa);
        memory.zero(page, Granules.SIZE);
        memory.putLong(page + Rsi.CONFIG_IPA_WIDTH, memory.getLong(rd + Rd.WIDTH));
        memory.putLong(page + Rsi.CONFIG_HASH, measurements.hash(rd));
        memory.copy(rd + Rd.RPV, page + Rsi.CONFIG_RPV, Rd.MEASUREMENT_BYTES);
        return done(x, Rsi.SUCCESS);
    }

    private int setState(long rec, long rd, long[] x) {
        boolean isLegal = (x[3] == Ripas.EMPTY || x[3] == Ripas.RAM) && Rd.isProtectedRange(memory, rd, x[1], x[2]);
        if (!isLegal) {
            return done(x, Rsi.ERROR_INPUT);
        }
        memory.putLong(rec + RecLayout.RIPAS_BASE, x[1]);
        memory.putLong(rec + RecLayout.RIPAS_TOP, x[2]);
        memory.putLong(rec + RecLayout.RIPAS_NEXT, x[1]);
        memory.putLong(rec + RecLayout.RIPAS_VALUE, x[3]);
        memory.putLong(rec + RecLayout.RIPAS_FLAGS, x[4]);
        memory.putLong(rec + RecLayout.COMPLETES, RecLayout.RIPAS_CHANGE);
        exits.note(rec, RunPage.RIPAS_CHANGE);
        return Step.EXIT_PENDING;
    }

    private int getState(long rd, long[] x) {
        long base = x[1];
        long top = x[2];
        if (!Rd.isProtectedRange(memory, rd, base, top)) {
            return done(x, Rsi.ERROR_INPUT);
        }
        long removed;
        long end;
        int ripas;
        do {
            removed = walker.removed(rd);
            long where = walker.find(rd, base, RttEntry.PAGE_LEVEL);
            ripas = RttEntry.ripas(walker.entry(where));
            end = runEnd(where, base, top, ripas);
        } while (!walker.isValid(rd, removed));
        x[2] = ripas;
        return done(x, Rsi.SUCCESS, Math.min(end, top));
    }

    /// The end of the entries from `base` on that have a RIPAS, within one table.
    private long runEnd(long where, long base, long top, int ripas) {
        int level = Walker.level(where);
        long size = RttEntry.size(level);
        long at = (base & -size) + size;
        long next = where + Long.BYTES;
        for (int index = Walker.index(where) + 1; index < RttEntry.ENTRIES && at < top; index++) {
            long entry = walker.entry(next);
            if (RttEntry.isTable(entry, level) || RttEntry.ripas(entry) != ripas) {
                break;
            }
            at += size;
            next += Long.BYTES;
        }
        return at;
    }

    private int hostCall(long rec, long rd, Step step) {
        long[] x = step.x;
        long ipa = x[1];
        if ((ipa & Rsi.HOST_CALL_ALIGNMENT - 1) != 0 || !Rd.isProtected(memory, rd, ipa)) {
            return done(x, Rsi.ERROR_INPUT);
        }
        long answer = translation.find(rd, ipa, false, step.cache);
        if (answer < 0) {
            return unreachable(rec, ipa, answer, x);
        }
        long block = Translation.address(answer, ipa);
        exits.note(rec, RunPage.HOST_CALL);
        memory.putLong(rec + RecLayout.IMM, memory.getLong(block + Rsi.HOST_CALL_IMM) & 0xffff);
        memory.copy(block + Rsi.HOST_CALL_GPRS, rec + RecLayout.EXIT_GPRS, (long) RunPage.NUM_GPRS * Long.BYTES);
        memory.putLong(rec + RecLayout.HOST_CALL_IPA, ipa);
        memory.putLong(rec + RecLayout.COMPLETES, RecLayout.HOST_CALL);
        return Step.EXIT_PENDING;
    }

    /// Copies the host's registers into the block of a pending host call.
    ///
    /// @return x0 of the call, an error if another REC has made the block EMPTY; INCOMPLETE if the host has taken the block
    ///         away, and the REC leaves again
    long hostCallReturns(long rec, long run) {
        long ipa = memory.getLong(rec + RecLayout.HOST_CALL_IPA);
        long answer = translation.find(memory.getLong(rec + RecLayout.RD), ipa, false, new WalkCache());
        if (answer < 0 && isRealmsMistake(answer)) {
            return Rsi.ERROR_INPUT;
        }
        if (answer < 0) {
            exits.unreachable(rec, ipa, Translation.level(answer));
            return Rsi.INCOMPLETE;
        }
        long block = Translation.address(answer, ipa) + Rsi.HOST_CALL_GPRS;
        for (int i = 0; i < RunPage.NUM_GPRS; i++) {
            memory.putLong(block + (long) i * Long.BYTES,
                    host.read(run + RunPage.ENTRY_GPRS + (long) i * Long.BYTES));
        }
        return Rsi.SUCCESS;
    }

    /// A page that the RMM cannot reach for the realm: EMPTY is the realm's mistake, all else is the host's to mend.
    private int unreachable(long rec, long ipa, long answer, long[] x) {
        if (isRealmsMistake(answer)) {
            return done(x, Rsi.ERROR_INPUT);
        }
        exits.unreachable(rec, ipa, Translation.level(answer));
        return Step.EXIT_AGAIN;
    }

    private static boolean isRealmsMistake(long answer) {
        int kind = Translation.kind(answer);
        return kind == Translation.REALM_ABORT || kind == Translation.PROTECTION_FAULT;
    }

    private static int done(long[] x, long status) {
        x[0] = status;
        return Step.DONE;
    }

    private static int done(long[] x, long status, long result) {
        x[1] = result;
        return done(x, status);
    }
}
