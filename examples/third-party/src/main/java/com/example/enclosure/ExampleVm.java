package com.example.enclosure;

import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmTraits;

/// One VM: its table claims frames for the guest and gives them back.
final class ExampleVm implements VmBackend, GuestTable {
    private final ExamplePlatform platform;
    private final VmTraits traits;

    ExampleVm(ExamplePlatform platform, VmTraits traits) {
        this.platform = platform;
        this.traits = traits;
    }

    @Override
    public VmTraits traits() {
        return traits;
    }

    @Override
    public GuestTable table() {
        return this;
    }

    @Override
    public VcpuBackend createVcpu(VcpuContext context) {
        return new ExampleVcpu();
    }

    @Override
    public LaunchSession launch(Map<String, String> options) {
        return new ExampleLaunch(platform).session();
    }

    @Override
    public long teardown(TableWork work) {
        return Status.OK;
    }

    @Override
    public void close() {
        // Nothing is kept per VM.
    }

    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        long first = Paging.floor(pfn, level);
        for (long at = first; (work.access & Access.PRIVATE) != 0 && at < first + Paging.pages(level); at++) {
            platform.owned.add(at);
        }
        return Status.OK;
    }

    @Override
    public long block(long gfn, long npages, TableWork work) {
        return Status.OK; // the engine's own leaves are all there is to take away
    }

    @Override
    public long flush(TableWork work) {
        return Status.OK;
    }

    @Override
    public long convert(long gfn, long npages, TableWork work) {
        return Status.OK;
    }

    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        work.done = npages;
        work.content = TableWork.KEPT;
        for (long at = pfn; work.reason != TableWork.SLOT && at < pfn + npages; at++) {
            platform.owned.remove(at);
        }
        return Status.OK;
    }

    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        work.level = level;
        return Status.SPURIOUS;
    }

    @Override
    public long inspect(long gfn, long pfn, TableWork work) {
        return pfn < 0 ? 0 : platform.owned.contains(pfn) ? 2 : 1;
    }

    @Override
    public GuestDriver guestDriver() {
        return new GuestDriver() {
            @Override
            public void boot(GuestCpu cpu) {
                // Nothing to find out.
            }

            @Override
            public void accept(GuestCpu cpu, long gpa, long bytes) {
                // Memory is usable at once.
            }

            @Override
            public void share(GuestCpu cpu, long gpa, long bytes) {
                ask(cpu, gpa, bytes, 0);
            }

            @Override
            public void unshare(GuestCpu cpu, long gpa, long bytes) {
                ask(cpu, gpa, bytes, 1);
            }

            private void ask(GuestCpu cpu, long gpa, long bytes, long toPrivate) {
                cpu.registers().set(0, gpa);
                cpu.registers().set(1, bytes);
                cpu.registers().set(2, toPrivate);
                cpu.execute(ExampleVcpu.CONVERT, cpu.registers());
                if (cpu.registers().get(0) != 0) {
                    throw new GuestRefusedException("the host refuses", cpu.registers().get(0));
                }
            }

            @Override
            public long tagged(long gpa, boolean isPrivate) {
                return gpa;
            }

            @Override
            public boolean onEvent(GuestCpu cpu, int event, long gpa) {
                return false;
            }
        };
    }
}
