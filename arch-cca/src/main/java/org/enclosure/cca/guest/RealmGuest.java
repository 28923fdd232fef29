package org.enclosure.cca.guest;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.cca.wire.RealmInstruction;
import org.enclosure.cca.wire.Ripas;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.Rsi;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;

/// Linux as a realm: memory is shared by making it EMPTY and using the address with the top bit set, and comes back by making it
/// RAM.
///
/// Linux asks again for as long as the answer is ACCEPT and the address reached is not the end, so a host that does nothing
/// and does not refuse spins it. This guest gives up after as many answers without progress.
public final class RealmGuest implements GuestDriver {
    /// How often in a row the host may do nothing.
    public static final int MAX_IDLE = 100;

    private final AddressTag tag;

    /// Creates the driver of a guest.
    ///
    /// @param tag the bit of the unprotected half
    public RealmGuest(AddressTag tag) {
        this.tag = tag;
    }

    /// Asks which RSI there is; a realm that meets another one than it knows goes no further.
    @Override
    public void boot(GuestCpu cpu) {
        RegisterFile x = cpu.registers();
        x.set(0, Rsi.VERSION);
        x.set(1, Rmi.VERSION_1_0);
        cpu.execute(RealmInstruction.SMC, x);
        if (x.get(0) != Rsi.SUCCESS) {
            throw new GuestRefusedException("RSI_VERSION answered " + x.get(0) + ", RSI 1.0 is not spoken here",
                    x.get(0));
        }
    }

    /// Makes what is not RAM yet RAM, as at boot: what was destroyed must not pass for fresh memory, and stays what it is.
    @Override
    public void accept(GuestCpu cpu, long gpa, long bytes) {
        long end = gpa + bytes;
        for (long at = gpa; at < end;) {
            RegisterFile x = cpu.registers();
            x.set(0, Rsi.IPA_STATE_GET);
            x.set(1, at);
            x.set(2, end);
            cpu.execute(RealmInstruction.SMC, x);
            long next = x.get(1);
            if (x.get(0) != Rsi.SUCCESS || next <= at || next > end) {
                throw new GuestRefusedException("RSI_IPA_STATE_GET base=0x" + Long.toHexString(at) + " top=0x"
                        + Long.toHexString(end) + " answered " + x.get(0), x.get(0));
            }
            if (x.get(2) != Ripas.RAM) {
                setState(cpu, at, next - at, Ripas.RAM, 0);
            }
            at = next;
        }
    }

    @Override
    public void share(GuestCpu cpu, long gpa, long bytes) {
        setState(cpu, gpa, bytes, Ripas.EMPTY, Rsi.CHANGE_DESTROYED);
    }

    @Override
    public void unshare(GuestCpu cpu, long gpa, long bytes) {
        setState(cpu, gpa, bytes, Ripas.RAM, Rsi.CHANGE_DESTROYED);
    }

    @Override
    public long tagged(long gpa, boolean isPrivate) {
        return tag.tagged(gpa, isPrivate);
    }

    /// An abort is the end: nothing that a guest does makes an EMPTY page memory behind its own back.
    @Override
    public boolean onEvent(GuestCpu cpu, int event, long gpa) {
        return false;
    }

    private static void setState(GuestCpu cpu, long gpa, long bytes, int ripas, long flags) {
        long end = gpa + bytes;
        int idle = 0;
        for (long at = gpa; at < end;) {
            cpu.poll();
            RegisterFile x = cpu.registers();
            x.set(0, Rsi.IPA_STATE_SET);
            x.set(1, at);
            x.set(2, end);
            x.set(3, ripas);
            x.set(4, flags);
            cpu.execute(RealmInstruction.SMC, x);
            long reached = x.get(1);
            boolean isGood = x.get(0) == Rsi.SUCCESS && x.get(2) == Rsi.ACCEPT && reached >= at && reached <= end;
            idle = reached == at ? idle + 1 : 0;
            if (!isGood || idle == MAX_IDLE) {
                throw new GuestRefusedException(refusal(at, end, ripas, x),
                        x.get(0) != Rsi.SUCCESS ? x.get(0) : x.get(2));
            }
            at = reached;
        }
    }

    private static String refusal(long at, long end, int ripas, RegisterFile x) {
        return "RSI_IPA_STATE_SET base=0x" + Long.toHexString(at) + " top=0x" + Long.toHexString(end) + " ripas="
                + ripas + " answered " + x.get(0) + ", reached 0x" + Long.toHexString(x.get(1)) + ", "
                + (x.get(2) == Rsi.ACCEPT ? "not rejected" : "rejected");
    }
}
