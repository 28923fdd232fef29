package org.enclosure.cca.ops;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.enclosure.cca.machine.GranuleState;
import org.enclosure.cca.machine.Granules;
import org.enclosure.cca.machine.Pas;
import org.enclosure.cca.machine.Rim;
import org.enclosure.cca.machine.Rmm;
import org.enclosure.cca.machine.StartLevel;
import org.enclosure.cca.wire.RealmParams;
import org.enclosure.cca.wire.RecParams;
import org.enclosure.cca.wire.RunPage;
import org.enclosure.spi.OperationCall;

/// What surrounds the RMM in a test: EL3, the host's own accesses, pages laid out for the RMM, and a look inside.
final class Environment {
    private static final long OK = 0;
    private static final long GPF = 1;
    private static final int LAST_MEASUREMENT = 4;

    private final Rmm rmm;

    Environment(Rmm rmm) {
        this.rmm = rmm;
    }

    long gtsiDelegate(OperationCall call) {
        return rmm.el3.delegate(call.in(0));
    }

    long gtsiUndelegate(OperationCall call) {
        return rmm.el3.undelegate(call.in(0));
    }

    long setPas(OperationCall call) {
        int pas = (int) call.in(1);
        if (!Pas.ALL.contains(pas) || call.in(1) != pas) {
            throw new IllegalArgumentException("operand pas=" + call.in(1) + " is none of " + Pas.ALL);
        }
        return rmm.el3.setPas(call.in(0), pas);
    }

    long read64(OperationCall call) {
        if (!isAccessible(call.in(0), Long.BYTES)) {
            return GPF;
        }
        call.out(0, rmm.host.read(call.in(0)));
        return OK;
    }

    long write64(OperationCall call) {
        if (!isAccessible(call.in(0), Long.BYTES)) {
            return GPF;
        }
        rmm.host.write(call.in(0), call.in(1));
        return OK;
    }

    long write(OperationCall call) {
        byte[] bytes = call.inBytes(1);
        if (!isAccessible(call.in(0), bytes.length)) {
            return GPF;
        }
        rmm.host.write(call.in(0), bytes);
        return OK;
    }

    long zero(OperationCall call) {
        if (!rmm.host.isAccessible(call.in(0))) {
            return GPF;
        }
        rmm.host.zero(call.in(0));
        return OK;
    }

    long realmParams(OperationCall call) {
        byte[] rpv = call.inBytes(7);
        if (rpv.length > RealmParams.RPV_BYTES) {
            throw new IllegalArgumentException("operand rpv has " + rpv.length + " bytes; legal are at most "
                    + RealmParams.RPV_BYTES);
        }
        ByteBuffer page = page();
        page.putLong(RealmParams.FLAGS, call.in(0)).putInt(RealmParams.S2SZ, (int) call.in(1))
                .putInt(RealmParams.SVE_VL, (int) call.in(2)).putInt(RealmParams.NUM_BPS, (int) call.in(3))
                .putInt(RealmParams.NUM_WPS, (int) call.in(4)).putInt(RealmParams.PMU_NUM_CTRS, (int) call.in(5))
                .put(RealmParams.HASH, (byte) call.in(6)).put(RealmParams.RPV, rpv)
                .putShort(RealmParams.VMID, (short) call.in(8)).putLong(RealmParams.RTT_BASE, call.in(9))
                .putLong(RealmParams.RTT_LEVEL_START, call.in(10))
                .putInt(RealmParams.RTT_NUM_START, (int) call.in(11));
        call.outBytes(0, bytes(page));
        return OK;
    }

    long recParams(OperationCall call) {
        ByteBuffer page = page();
        page.putLong(RecParams.FLAGS, call.in(0)).putLong(RecParams.MPIDR, call.in(1)).putLong(RecParams.PC,
                call.in(2));
        put(page, RecParams.GPRS, call, 3, RecParams.NUM_GPRS);
        page.putLong(RecParams.NUM_AUX, call.in(3 + RecParams.NUM_GPRS));
        put(page, RecParams.AUX, call, 4 + RecParams.NUM_GPRS, RecParams.MAX_AUX);
        call.outBytes(0, bytes(page));
        return OK;
    }

    long runPage(OperationCall call) {
        ByteBuffer page = page();
        page.putLong(RunPage.FLAGS, call.in(0));
        put(page, RunPage.ENTRY_GPRS, call, 1, RunPage.NUM_GPRS);
        call.outBytes(0, bytes(page));
        return OK;
    }

    long startLevel(OperationCall call) {
        int level = StartLevel.shortest((int) call.in(0));
        if (level < 0) {
            throw new IllegalArgumentException("operand s2sz=" + call.in(0) + " is no IPA width; legal are 32 to 48");
        }
        call.out(0, level);
        call.out(1, StartLevel.tables(level, (int) call.in(0)));
        return OK;
    }

    long granule(OperationCall call) {
        long pa = call.in(0);
        if (!rmm.granules.exists(pa)) {
            throw new IllegalArgumentException("operand addr=0x" + Long.toHexString(pa) + " is no granule of RAM");
        }
        call.out(0, rmm.granules.state(pa));
        call.out(1, rmm.granules.references(pa));
        call.out(2, rmm.gpt.pas(pa >>> Granules.SHIFT));
        call.out(3, rmm.memory.isZero(pa, Granules.SIZE) ? 1 : 0);
        return OK;
    }

    long measurement(OperationCall call) {
        long rd = call.in(0);
        if (!rmm.granules.is(rd, GranuleState.RD) || call.in(1) < 0 || call.in(1) > LAST_MEASUREMENT) {
            throw new IllegalArgumentException("operands rd=0x" + Long.toHexString(rd) + " slot=" + call.in(1)
                    + " name no measurement of a realm");
        }
        int length = Rim.length(rmm.measurements.hash(rd));
        call.outBytes(0, Arrays.copyOf(rmm.measurements.read(rd, (int) call.in(1)), length));
        return OK;
    }

    long exit(OperationCall call) {
        long run = call.in(0);
        if (!rmm.host.isAccessible(run)) {
            return GPF;
        }
        int[] offsets = {RunPage.REASON, RunPage.ESR, RunPage.FAR, RunPage.HPFAR, RunPage.RIPAS_BASE,
                RunPage.RIPAS_TOP, RunPage.RIPAS_VALUE, RunPage.IMM};
        for (int i = 0; i < offsets.length; i++) {
            call.out(i, rmm.host.read(run + offsets[i]));
        }
        for (int i = 0; i < RunPage.NUM_GPRS; i++) {
            call.out(offsets.length + i, rmm.host.read(run + RunPage.EXIT_GPRS + (long) i * Long.BYTES));
        }
        return OK;
    }

    private boolean isAccessible(long pa, int bytes) {
        for (long at = pa; at < pa + bytes; at = (at & -Granules.SIZE) + Granules.SIZE) {
            if (!rmm.host.isAccessible(at)) {
                return false;
            }
        }
        return true;
    }

    private static void put(ByteBuffer page, int offset, OperationCall call, int first, int count) {
        for (int i = 0; i < count; i++) {
            page.putLong(offset + i * Long.BYTES, call.in(first + i));
        }
    }

    private static byte[] bytes(ByteBuffer page) {
        byte[] bytes = new byte[page.capacity()];
        page.get(0, bytes);
        return bytes;
    }

    private static ByteBuffer page() {
        return ByteBuffer.allocate((int) Granules.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    }
}
