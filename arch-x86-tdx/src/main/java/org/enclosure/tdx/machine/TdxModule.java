package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;

/// One machine with a TDX module: its tables, and the leaves by what they are about.
public final class TdxModule {
    private final PhysicalMemory memory;
    private final Pamt pamt;
    private final TdControl control;
    private final Epochs epochs;
    private final Sept sept;
    private final HostLines lines;
    private final Measurements measurements;
    private final TdLeaves tds;
    private final VcpuLeaves vcpus;
    private final TableLeaves tables;
    private final PageLeaves pages;
    private final RangeLeaves ranges;
    private final SizeLeaves sizes;
    private final DataLeaves data;
    private final PhysicalLeaves physical;
    private final ExportLeaves exports;
    private final ImportLeaves imports;
    private final GuestLeaves guest;
    private final Environment environment;

    /// Builds a machine whose TDMRs are initialised.
    public TdxModule(PhysicalMemory memory, TdmrList tdmrs) {
        this.memory = memory;
        pamt = tdmrs.pamt();
        control = new TdControl(memory);
        epochs = new Epochs(memory, control);
        sept = new Sept(memory, control);
        lines = new HostLines(1L << Pamt.ADDRESS_BITS);
        measurements = new Measurements(memory);
        KeyTable keys = new KeyTable();
        LeafChecks checks = new LeafChecks(memory, pamt, control, epochs, sept);
        GpaListWalk list = new GpaListWalk(memory, control, sept, checks);
        tds = new TdLeaves(memory, pamt, control, epochs, sept, checks, measurements, keys);
        tables = new TableLeaves(pamt, control, sept, checks);
        vcpus = new VcpuLeaves(memory, pamt, control, checks);
        pages = new PageLeaves(memory, pamt, control, sept, checks, measurements);
        ranges = new RangeLeaves(pamt, epochs, checks);
        sizes = new SizeLeaves(memory, pamt, control, sept, checks);
        data = new DataLeaves(memory, control, checks, measurements, lines);
        physical = new PhysicalLeaves(pamt, control, measurements, lines, keys);
        exports = new ExportLeaves(control, epochs, sept, checks, list);
        imports = new ImportLeaves(memory, pamt, control, sept, checks, list);
        guest = new GuestLeaves(memory, control, sept, lines);
        environment = new Environment(pamt, control, sept, tds, keys);
    }

    /// Physical memory.
    public PhysicalMemory memory() {
        return memory;
    }

    /// The physical address metadata table.
    public Pamt pamt() {
        return pamt;
    }

    /// The control data of TDs.
    public TdControl control() {
        return control;
    }

    /// TLB tracking.
    public Epochs epochs() {
        return epochs;
    }

    /// The secure EPT.
    public Sept sept() {
        return sept;
    }

    /// What the host wrote to private pages.
    public HostLines lines() {
        return lines;
    }

    /// The running measurements.
    public Measurements measurements() {
        return measurements;
    }

    /// Leaves of a TD's life.
    public TdLeaves tds() {
        return tds;
    }

    /// Leaves that make vCPUs.
    public VcpuLeaves vcpus() {
        return vcpus;
    }

    /// Leaves on tables.
    public TableLeaves tables() {
        return tables;
    }

    /// Leaves on pages.
    public PageLeaves pages() {
        return pages;
    }

    /// Leaves on ranges.
    public RangeLeaves ranges() {
        return ranges;
    }

    /// Leaves on sizes.
    public SizeLeaves sizes() {
        return sizes;
    }

    /// Leaves on private bytes.
    public DataLeaves data() {
        return data;
    }

    /// Leaves on physical pages.
    public PhysicalLeaves physical() {
        return physical;
    }

    /// Leaves of an export.
    public ExportLeaves exports() {
        return exports;
    }

    /// Leaves of an import.
    public ImportLeaves imports() {
        return imports;
    }

    /// The guest's leaves.
    public GuestLeaves guest() {
        return guest;
    }

    /// What a test sets up or forces.
    public Environment environment() {
        return environment;
    }
}
