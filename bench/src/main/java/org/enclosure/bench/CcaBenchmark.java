package org.enclosure.bench;

import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The tables of Arm CCA without the engine: the granule protection check and a page that comes, a batch an operation, and RIPAS
/// changes.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class CcaBenchmark {
    /// Pages of one batch.
    static final int BATCH = 512;

    private static final String ARCHITECTURE = "cca";
    private static final String TYPE = "realm";

    private BareVm machine;

    /// Opens a machine with one realm that has no pages.
    @Setup
    public void open() {
        machine = new BareVm(ARCHITECTURE, TYPE, Map.of());
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        machine.close();
    }

    /// A realm with tables and one page.
    public static class Fresh extends RenewedVm {
        /// Creates the state.
        public Fresh() {
            super(() -> new BareVm(ARCHITECTURE, TYPE, Map.of()));
        }
    }

    /// A realm that runs and has its memory in blocks.
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
    public static class Running {
        private static final int SMC = 1;
        private static final long IPA_STATE_SET = 0xc400_0197L;
        private static final long RAM = 1;

        /// Memory of the realm.
        @Param("1024") public int mib;

        private final GuestCall call = new GuestCall();
        private final RegisterFile registers = new RegisterFile();
        private BareVm machine;
        private VcpuBackend vcpu;

        /// Opens the machine, maps the blocks and enters the realm.
        @Setup
        public void open() {
            machine = new BareVm(ARCHITECTURE, TYPE, Map.of(), pages());
            vcpu = machine.createVcpu();
            BareVm.require(vcpu.enter(call, call.detail));
            for (long page = 0; page < pages(); page += Paging.PAGES_PER_2M) {
                machine.map(page, Paging.LEVEL_2M);
                if (machine.work.level != Paging.LEVEL_2M) {
                    throw new BenchFailedException("page " + page + " was not mapped with a block");
                }
            }
        }

        /// Ends the realm.
        @TearDown
        public void close() {
            vcpu.leave(VcpuBackend.LEFT_STOP, call.detail);
            vcpu.close();
            machine.close();
        }

        private long pages() {
            return ((long) mib << 20) / Paging.PAGE_SIZE;
        }

        /// The realm asks, the host changes, the realm reads the answer.
        void change(long ripas) {
            long base = BareVm.FIRST_GFN << Paging.PAGE_SHIFT;
            long top = BareVm.FIRST_GFN + pages() << Paging.PAGE_SHIFT;
            registers.set(0, IPA_STATE_SET);
            registers.set(1, base);
            registers.set(2, top);
            registers.set(3, ripas);
            registers.set(4, 0);
            call.reset();
            if (vcpu.trap(SMC, registers, call) != Status.REQUEST) {
                throw new BenchFailedException("the realm's request does not reach the host");
            }
            vcpu.leave(VcpuBackend.LEFT_CALL, call.detail);
            TableWork work = machine.work;
            work.reset(TableWork.CONVERT, Access.PRIVATE);
            work.toPrivate = call.toPrivate;
            work.call = call;
            BareVm.require(machine.table().convert(call.gfn, call.npages, work));
            vcpu.answer(call, Status.OK, registers);
            BareVm.require(vcpu.enter(call, call.detail));
            if (registers.get(1) != top) {
                throw new BenchFailedException("the change came to 0x" + Long.toHexString(registers.get(1)));
            }
        }
    }

    /// A batch of granule protection checks of host accesses.
    @Benchmark
    public long check(Allocated allocated) {
        return machine.readAsHost(BATCH, BATCH, allocated);
    }

    /// A batch of pages that come: delegated, which zeroes them, and created.
    @Benchmark
    public void map(Fresh fresh, Allocated allocated) {
        fresh.mapBatch(BATCH, allocated);
    }

    /// All of it becomes EMPTY, and RAM again.
    @Benchmark
    public void changeRipas(Running running) {
        running.change(0);
        running.change(Running.RAM);
    }
}
