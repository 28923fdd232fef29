package org.enclosure.tdx.ops;

import static org.enclosure.spi.Operation.Effect.READS;
import static org.enclosure.spi.Operation.Effect.TEST;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import org.enclosure.spi.Operation.Effect;
import org.enclosure.spi.OperationCall;
import org.enclosure.tdx.machine.Environment;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.MrtdStream;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptState;

/// What no leaf does: set-up, forced states, inspection, and what the host does to memory.
final class EnvironmentLines {
    private static final String SOURCE = "org.enclosure.tdx: environment of tests and scripts";

    private final TdxModule module;
    private final Environment environment;
    private final List<Line> lines = new ArrayList<>();
    private final LeafCall out = new LeafCall();

    EnvironmentLines(TdxModule module) {
        this.module = module;
        environment = module.environment();
        addSetUp();
        addForced();
        add("STATE.INFO", READS, "td", "td_epoch ref0 ref1 op_state chldcnt", this::info);
        add("STATE.MRTD", READS, "td", "mrtd stream_bytes", this::mrtd);
        add("STATE.MIGRATION", READS, "td", "exported dirty bw_epoch", call -> {
            for (int i = 0; i < 3; i++) {
                call.out(i, environment.exported(initialised(module, call.in(0)), i));
            }
            return 0;
        });
        add("STATE.SEPT_ENTRY", READS, "td gpa level", "raw", call -> {
            long raw = environment.rawEntry(initialised(module, call.in(0)), call.in(1), (int) call.in(2), out);
            return entry(call, raw);
        });
        add("STATE.PAMT", READS, "", "bytes", call -> {
            call.out(0, module.pamt().bytes());
            return 0;
        });
        add("HOST.FILL_PAGE", TEST, "pa factor addend", "", this::fill);
        add("HOST.READ64", READS, "pa", "value", this::read);
        add("HOST.WRITE64", TEST, "pa value", "", this::write);
        add("HOST.POISON", TEST, "pa", "", this::poison);
    }

    List<Line> lines() {
        return lines;
    }

    private void addSetUp() {
        add("SETUP.KEYS_CONFIGURED", TEST, "td", "", call -> done(() -> environment.configureKeys(td(call))));
        add("SETUP.LIFECYCLE_TEARDOWN", TEST, "td", "", call -> done(() -> environment.tearDown(td(call))));
        add("SETUP.MNG_INIT", TEST, "td attributes gpaw num_vcpus", "", this::initialise);
        add("SETUP.NUM_VCPUS", TEST, "td value", "", call -> done(() -> environment.vcpus(td(call), call.in(1))));
        add("SETUP.TDMR_RESERVED", TEST, "pa", "", call -> {
            check(environment.reserve(call.in(0)), "pa 0x" + Long.toHexString(call.in(0)) + " lies in no TDMR");
            return 0;
        });
    }

    private void addForced() {
        add("TEST.SEPT_ENTRY_LOCK", TEST, "td gpa level locked", "raw", call -> {
            long td = initialised(module, call.in(0));
            return entry(call, environment.lockEntry(td, call.in(1), (int) call.in(2), call.in(3) != 0, out));
        });
        add("TEST.SET_ACCEPT_COUNTER", TEST, "td gpa counter", "", call -> {
            long td = initialised(module, call.in(0));
            check(environment.acceptCounter(td, call.in(1), (int) call.in(2), out),
                    "there is no pending 2M page at gpa 0x"
                            + Long.toHexString(call.in(1)));
            return 0;
        });
        add("TEST.SET_SEPT_STATE", TEST, "td gpa level state", "", this::force);
        add("TEST.SET_OP_STATE", TEST, "td state", "", call -> {
            check(OpState.exists(call.in(1)), "there is no OP_STATE " + call.in(1));
            environment.opState(initialised(module, call.in(0)), OpState.of(call.in(1)));
            return 0;
        });
        add("TEST.SET_MIGRATION", TEST, "td exports mig_epoch", "", call -> {
            check((call.in(1) >>> 31 | call.in(2) >>> 32) == 0, "exports has 31 bits, mig_epoch 32");
            environment.migration(initialised(module, call.in(0)), call.in(1), call.in(2));
            return 0;
        });
        add("TEST.TD_FATAL", TEST, "td", "", call -> {
            module.control().kill(td(call));
            return 0;
        });
        add("TEST.TD_LOCK", TEST, "td operand locked", "", call -> {
            check(environment.lockTd(initialised(module, call.in(0)), (int) call.in(1), call.in(2) != 0),
                    "operand " + call.in(1) + " has no lock; legal: 146, 169, 172");
            return 0;
        });
    }

    private long initialise(OperationCall call) {
        long gpaw = call.in(2);
        check(gpaw == 48 || gpaw == 52, "gpaw " + gpaw + " is not 48 or 52");
        check(environment.initialise(td(call), call.in(1), (int) gpaw, call.in(3)),
                "the TD has fewer than 6 control pages");
        return 0;
    }

    private long force(OperationCall call) {
        for (SeptState state : SeptState.values()) {
            if (state.code() == call.in(3)) {
                check(environment.entryState(initialised(module, call.in(0)), call.in(1), (int) call.in(2), state, out),
                        "the walk does not get to gpa 0x" + Long.toHexString(call.in(1)) + " level " + call.in(2));
                return 0;
            }
        }
        throw new IllegalArgumentException("there is no entry state with code " + call.in(3));
    }

    private long info(OperationCall call) {
        long td = initialised(module, call.in(0));
        call.out(0, module.epochs().epoch(td));
        call.out(1, module.epochs().inside(td, 0));
        call.out(2, module.epochs().inside(td, 1));
        call.out(3, module.control().opState(td).number());
        call.out(4, environment.children(td));
        return 0;
    }

    private long mrtd(OperationCall call) {
        MrtdStream stream = module.measurements().of(initialised(module, call.in(0)));
        call.outBytes(0, stream.digest());
        call.out(1, stream.bytes());
        return 0;
    }

    private long fill(OperationCall call) {
        long pa = call.in(0);
        check((pa & PageInfo.size(0) - 1) == 0, "pa 0x" + Long.toHexString(pa) + " is not the start of a page");
        checkHost(pa, PageInfo.size(0));
        for (int i = 0; i < PageInfo.size(0); i++) {
            module.memory().putByte(pa + i, (byte) (i * call.in(1) + call.in(2)));
        }
        return 0;
    }

    private long read(OperationCall call) {
        checkHost(call.in(0), Long.BYTES);
        call.out(0, module.memory().getLong(call.in(0)));
        return 0;
    }

    private long write(OperationCall call) {
        checkHost(call.in(0), Long.BYTES);
        module.memory().putLong(call.in(0), call.in(1));
        return 0;
    }

    /// What a write of the host through a shared key does to a private page.
    private long poison(OperationCall call) {
        long pa = call.in(0);
        check((pa & Long.BYTES - 1) == 0 && module.memory().contains(pa, Long.BYTES)
                && module.pamt().typeOf(pa) == PageType.REG, "pa 0x" + Long.toHexString(pa) + " is no private page");
        module.lines().poison(pa);
        return 0;
    }

    private void checkHost(long pa, long bytes) {
        check((pa & bytes - 1) == 0 && module.memory().contains(pa, bytes),
                "pa 0x" + Long.toHexString(pa) + " is no aligned memory");
        int type = module.pamt().typeOf(pa);
        check(type <= PageType.RSVD, "pa 0x" + Long.toHexString(pa) + " belongs to a TD");
    }

    private static long entry(OperationCall call, long raw) {
        check(raw != -1, "the walk does not get to gpa 0x" + Long.toHexString(call.in(1)) + " level " + call.in(2));
        call.out(0, raw);
        return 0;
    }

    private long td(OperationCall call) {
        long td = call.in(0);
        check(environment.isTd(td), "td 0x" + Long.toHexString(td) + " is no root page of a TD");
        return td;
    }

    static long initialised(TdxModule module, long td) {
        check(module.environment().isInitialised(td), "td 0x" + Long.toHexString(td) + " is no initialised TD");
        return td;
    }

    private static long done(Runnable body) {
        body.run();
        return 0;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private void add(String name, Effect effect, String in, String outputs, ToLongFunction<OperationCall> body) {
        lines.add(Line.of(name, -1, effect, in, outputs, Statuses.DONE, SOURCE, body));
    }
}
