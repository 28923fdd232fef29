package org.enclosure.tck.forward;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;

/// A provider around another one, which counts the table operations of its VMs.
final class CountingProvider extends ForwardingProvider {
    private final StringBuilder calls = new StringBuilder();

    CountingProvider(ArchitectureProvider inner) {
        super(inner);
    }

    /// The operations since this was asked last, each with a space behind it.
    String takeCalls() {
        String all = calls.toString();
        calls.setLength(0);
        return all;
    }

    @Override
    public Platform open(PlatformContext context) {
        return new ForwardingPlatform(super.open(context)) {
            @Override
            public VmBackend create(VmContext with) {
                VmBackend backend = super.create(with);
                GuestTable table = new CountingTable(backend.table());
                return new ForwardingVm(backend) {
                    @Override
                    public GuestTable table() {
                        return table;
                    }
                };
            }
        };
    }

    private final class CountingTable extends ForwardingTable {
        CountingTable(GuestTable inner) {
            super(inner);
        }

        @Override
        public long map(long gfn, long pfn, int level, TableWork work) {
            calls.append("map").append(level).append(' ');
            return super.map(gfn, pfn, level, work);
        }

        @Override
        public long block(long gfn, long npages, TableWork work) {
            calls.append("block ");
            return super.block(gfn, npages, work);
        }

        @Override
        public long convert(long gfn, long npages, TableWork work) {
            calls.append("convert ");
            return super.convert(gfn, npages, work);
        }

        @Override
        public long remove(long gfn, long pfn, long npages, TableWork work) {
            calls.append("remove ");
            return super.remove(gfn, pfn, npages, work);
        }

        @Override
        public long resize(long gfn, long pfn, int level, TableWork work) {
            calls.append("resize").append(level).append(' ');
            return super.resize(gfn, pfn, level, work);
        }
    }
}
