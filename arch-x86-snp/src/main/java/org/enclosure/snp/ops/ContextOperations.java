package org.enclosure.snp.ops;

import static org.enclosure.spi.Operation.Effect.READS;
import static org.enclosure.spi.Operation.Effect.TEST;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Errno;
import org.enclosure.snp.catalog.OperationTable;
import org.enclosure.snp.kvm.SevContexts;
import org.enclosure.spi.Operation.StatusName;

/// What a VMM asks KVM about SEV contexts. The VMs of these operations have no memory; those that the engine runs are not among them.
final class ContextOperations {
    private static final String SOURCE = "Linux, Documentation/virt/kvm/x86/amd-memory-encryption.rst";
    private static final List<StatusName> STATUSES = statuses();

    private final SevContexts contexts = new SevContexts();

    void addTo(OperationTable table) {
        table.field("vm_type", 8, "0 default, 1 software-protected, 2 SEV, 3 SEV-ES, 4 SEV-SNP");
        table.field("vm", 31, "number of a VM that HOST.SEV_VM_CREATE made");
        table.field("from_vm", 31, "number of the VM whose context is moved or mirrored");
        table.field("init_flags", 32, "flags of KVM_SEV_INIT2; none is defined");
        table.field("vmsa_features", 64, "SEV features that the VMM asks for");
        table.field("ghcb_version", 16, "highest version of the GHCB protocol, 0 for KVM's choice");
        table.field("command", 32, "number of a command of KVM_MEMORY_ENCRYPT_OP");
        table.field("uaddr", 64, "address in the VMM");
        table.field("bytes", 64, "length in bytes");
        table.field("sev_active", 1, "the VM has a context");
        table.field("is_mirror", 1, "the context is another VM's");
        table.field("is_dead", 1, "the context was moved away");
        table.field("regions", 32, "number of registered regions");
        table.field("sev_handle", 64, "number of the context");
        table.add("HOST.SEV_VM_CREATE", TEST, "vm_type", "vm", STATUSES, SOURCE, call -> {
            long vm = contexts.createVm((int) call.in(0));
            call.out(0, Math.max(vm, 0));
            return Math.min(vm, 0);
        });
        table.add("HOST.SEV_VCPU_CREATE", TEST, "vm", "", STATUSES, SOURCE, call -> contexts.createVcpu(call.in(0)));
        table.add("HOST.SEV_INIT2", TEST, "vm init_flags vmsa_features ghcb_version", "", STATUSES, SOURCE,
                call -> contexts.init2(call.in(0), call.in(1), call.in(2), call.in(3)));
        table.add("HOST.SEV_COMMAND", TEST, "vm command", "", STATUSES, SOURCE,
                call -> contexts.command(call.in(0), (int) call.in(1)));
        table.add("HOST.SEV_MOVE", TEST, "vm from_vm", "", STATUSES, SOURCE,
                call -> contexts.move(call.in(0), call.in(1)));
        table.add("HOST.SEV_MIRROR", TEST, "vm from_vm", "", STATUSES, SOURCE,
                call -> contexts.mirror(call.in(0), call.in(1)));
        table.add("HOST.SEV_REGION_REGISTER", TEST, "vm uaddr bytes", "", STATUSES, SOURCE,
                call -> contexts.register(call.in(0), call.in(1), call.in(2)));
        table.add("HOST.SEV_REGION_UNREGISTER", TEST, "vm uaddr bytes", "", STATUSES, SOURCE,
                call -> contexts.unregister(call.in(0), call.in(1), call.in(2)));
        table.add("STATE.SEV_VM", READS, "vm", "sev_active is_mirror is_dead regions sev_handle", STATUSES,
                "inspection",
                call -> {
                    long[] state = new long[5];
                    long status = contexts.state(call.in(0), state);
                    for (int i = 0; i < state.length; i++) {
                        call.out(i, state[i]);
                    }
                    return status;
                });
    }

    private static List<StatusName> statuses() {
        List<StatusName> names = new ArrayList<>(List.of(new StatusName("SUCCESS", 0)));
        for (Errno error : List.of(Errno.EPERM, Errno.EIO, Errno.EBUSY, Errno.EINVAL, Errno.ENOTTY)) {
            names.add(new StatusName(error.name(), -error.number()));
        }
        return names;
    }
}
