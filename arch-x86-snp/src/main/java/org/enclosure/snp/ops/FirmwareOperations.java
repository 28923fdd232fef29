package org.enclosure.snp.ops;

import static org.enclosure.spi.Operation.Effect.CHANGES;
import static org.enclosure.spi.Operation.Effect.READS;
import static org.enclosure.spi.Operation.Effect.TEST;

import org.enclosure.snp.catalog.OperationTable;
import org.enclosure.snp.machine.FirmwarePages;
import org.enclosure.snp.machine.SecureProcessor;
import org.enclosure.snp.machine.SnpMachine;

/// The firmware's commands.
final class FirmwareOperations {
    private static final String ABI = "SEV-SNP firmware ABI 56860, chapter 8";

    private final SecureProcessor processor;
    private final FirmwarePages pages;
    private final SnpMachine machine;

    FirmwareOperations(SnpMachine machine) {
        this.machine = machine;
        processor = machine.processor();
        pages = machine.pages();
    }

    void addTo(OperationTable table) {
        table.field("gctx", 52, "system physical address of the guest's context page");
        table.field("policy", 64, "guest policy; bit 17 must be one");
        table.field("launch_type", 8, "page type: 1 normal, 2 VMSA, 3 zero, 4 unmeasured, 5 secrets, 6 CPUID");
        table.field("imi_only", 1, "the guest takes pages of the initial migration image alone (IMI_EN)");
        table.field("fixed_spa", 52, "first page that is the hypervisor's for ever");
        table.field("fixed_pages", 32, "how many such pages");
        table.field("rmp_spa", 52, "first page that holds the RMP");
        table.field("rmp_pages", 32, "how many such pages");
        table.field("iommu", 1, "give up the IOMMU's pages, too");
        table.field("vmpls_on", 1, "privilege levels are on (SYSCFG, VMPL_EN)");
        table.field("imi_page", 1, "the page belongs to the initial migration image");
        table.field("vmpl_masks", 32, "permissions of VMPL 1, 2, 3 in bits 7:0, 15:8, 23:16");
        table.field("to_spa", 52, "system physical address of the target page");
        table.field("entry_spa", 52, "system physical address of the metadata entry");
        table.field("pages_4k", 32, "number of 4K pages");
        table.field("guest_state", 64, "0 INIT, 1 LAUNCH, 2 RUNNING, -1 no guest");
        table.field("ld_bytes", 0, "launch digest, 48 bytes");
        addPlatform(table);
        addGuests(table);
        addPages(table);
    }

    private void addPlatform(OperationTable table) {
        table.add("SNP_INIT_EX", CHANGES, "fixed_spa fixed_pages rmp_spa rmp_pages", "", Results.FIRMWARE,
                ABI + "; with INIT_RMP and one range of LIST_PADDR",
                call -> machine.platform().init(call.in(0), call.in(1), call.in(2), call.in(3)));
        table.add("SNP_SHUTDOWN_EX", CHANGES, "iommu", "", Results.FIRMWARE, ABI,
                call -> machine.platform().shutdown(call.in(0) != 0));
        table.add("SETUP.VMPLS", TEST, "vmpls_on", "", Results.NONE, "AMD APM volume 2, 15.36: SYSCFG", call -> {
            pages.setVmpls(call.in(0) != 0);
            return Results.OK;
        });
    }

    private void addGuests(OperationTable table) {
        table.add("SNP_GCTX_CREATE", CHANGES, "gctx", "", Results.FIRMWARE, ABI,
                call -> processor.createGuest(call.in(0)));
        table.add("SNP_DECOMMISSION", CHANGES, "gctx", "", Results.FIRMWARE, ABI,
                call -> processor.decommission(call.in(0)));
        table.add("SNP_ACTIVATE", CHANGES, "gctx asid", "", Results.FIRMWARE, ABI,
                call -> processor.activate(call.in(0), call.in(1)));
        table.add("SNP_LAUNCH_START", CHANGES, "gctx policy imi_only", "", Results.FIRMWARE, ABI,
                call -> processor.launchStart(call.in(0), call.in(1), call.in(2) != 0));
        table.add("SNP_LAUNCH_UPDATE", CHANGES, "gctx spa large launch_type imi_page vmpl_masks", "",
                Results.FIRMWARE, ABI,
                call -> processor.launchUpdate(call.in(0), call.in(1), call.in(2) != 0, (int) call.in(3),
                        call.in(4) != 0,
                        call.in(5)));
        table.add("SNP_LAUNCH_FINISH", CHANGES, "gctx", "", Results.FIRMWARE, ABI,
                call -> processor.launchFinish(call.in(0)));
        table.add("STATE.GUEST", READS, "gctx", "guest_state asid ld_bytes", Results.NONE, "inspection", call -> {
            call.out(0, processor.state(call.in(0)));
            call.out(1, processor.asid(call.in(0)));
            byte[] digest = processor.digest(call.in(0));
            call.outBytes(2, digest == null ? new byte[0] : digest);
            return Results.OK;
        });
    }

    private void addPages(OperationTable table) {
        table.add("SNP_PAGE_RECLAIM", CHANGES, "spa large", "", Results.FIRMWARE, ABI,
                call -> pages.reclaim(call.in(0), call.in(1) != 0));
        table.add("SNP_PAGE_UNSMASH", CHANGES, "spa", "", Results.FIRMWARE, ABI,
                call -> pages.unsmash(call.in(0)));
        table.add("SNP_PAGE_MOVE", CHANGES, "asid spa to_spa", "", Results.FIRMWARE, ABI,
                call -> machine.swap().move(call.in(0), call.in(1), call.in(2)));
        table.add("SNP_PAGE_SWAP_OUT", CHANGES, "asid spa to_spa entry_spa", "", Results.FIRMWARE, ABI,
                call -> machine.swap().swapOut(call.in(0), call.in(1), call.in(2), call.in(3)));
        table.add("SNP_PAGE_SWAP_IN", CHANGES, "asid spa to_spa entry_spa", "", Results.FIRMWARE, ABI,
                call -> machine.swap().swapIn(call.in(0), call.in(1), call.in(2), call.in(3)));
        table.add("SNP_PAGE_MD_INIT", CHANGES, "spa gctx", "", Results.FIRMWARE, ABI,
                call -> machine.swap().initMetadata(call.in(0), call.in(1)));
        table.add("SNP_PAGE_SET_STATE", CHANGES, "spa pages_4k", "", Results.FIRMWARE, ABI + "; to HV-Fixed",
                call -> pages.setFixed(call.in(0), call.in(1)));
        table.add("TEST.LAUNCH_PAGE", TEST, "asid spa large launch_type vmpl_masks", "", Results.FIRMWARE,
                ABI + ": SNP_LAUNCH_UPDATE of an active guest in LAUNCH state, without its digest",
                call -> pages.launchUpdate(call.in(0), call.in(1), call.in(2) != 0, (int) call.in(3), call.in(4)));
    }
}
