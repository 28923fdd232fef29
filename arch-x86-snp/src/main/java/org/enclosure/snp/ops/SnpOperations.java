package org.enclosure.snp.ops;

import org.enclosure.snp.catalog.OperationTable;
import org.enclosure.snp.launch.LaunchOperations;
import org.enclosure.snp.machine.SnpMachine;
import org.enclosure.spi.ArchOperations;

/// All operations of a machine in one table.
public final class SnpOperations {
    private SnpOperations() {
    }

    /// Builds the table of a machine.
    public static ArchOperations of(SnpMachine machine) {
        OperationTable table = new OperationTable();
        declareFields(table);
        new RmpOperations(machine).addTo(table);
        new FirmwareOperations(machine).addTo(table);
        new StateOperations(machine).addTo(table);
        CodecOperations.addTo(table);
        LaunchOperations.addTo(table);
        new ContextOperations().addTo(table);
        return table;
    }

    private static void declareFields(OperationTable table) {
        table.field("spa", 52, "system physical address");
        table.field("npt_spa", 52, "system physical address that the nested page table has for the gpa");
        table.field("gpa", 64, "guest physical address, without the C-bit");
        table.field("asid", 32, "ASID of the guest, 0 for the firmware or nobody");
        table.field("large", 1, "0 = 4K, 1 = 2M");
        table.field("npt_large", 1, "size in the nested page table: 0 = 4K, 1 = 2M");
        table.field("huge", 2, "size of the host's mapping: 0 = 4K, 1 = 2M, 2 = 1G");
        table.field("assigned", 1, "the page has an owner");
        table.field("immutable", 1, "RMPUPDATE cannot change the entry");
        table.field("validated", 1, "the guest has validated the page");
        table.field("in_guest", 1, "1 if executed inside of a guest");
        table.field("vmpl", 2, "privilege level that executes");
        table.field("cpl", 2, "ring that executes");
        table.field("target_vmpl", 8, "privilege level that is meant");
        table.field("perms", 8, "mask: 0 read, 1 write, 2 execute user, 3 execute supervisor, 4 shadow stack");
        table.field("vmsa_page", 1, "the page holds a vCPU's state");
        table.field("snp", 1, "1 if the guest is an SNP guest");
        table.field("c_bit", 1, "1 for a private access");
        table.field("validate", 1, "1 to validate, 0 to rescind");
        table.field("cf", 1, "carry flag: 1 = nothing changed");
        table.field("info", 64, "EXITINFO1 or error code of the fault, 0 if there is none");
        table.field("lo", 64, "low word of an RMP entry");
        table.field("hi", 64, "high word of an RMP entry");
        table.field("value", 64, "8 bytes, little-endian");
    }
}
