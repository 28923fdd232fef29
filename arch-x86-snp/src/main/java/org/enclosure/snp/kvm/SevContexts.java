package org.enclosure.snp.kvm;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

import org.enclosure.api.Errno;

/// The VMs of a host and their SEV contexts. Every call answers 0 or a negative error number, and one that fails changes nothing. Any
/// thread; no call waits: two that meet on a VM are EBUSY for the later one (Documentation/virt/kvm/x86/amd-memory-encryption.rst;
/// Documentation/virt/kvm/api.rst, KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM and KVM_CAP_VM_COPY_ENC_CONTEXT_FROM).
public final class SevContexts {
    /// VM type: no context.
    public static final int DEFAULT = 0;
    /// VM type: private memory without a context.
    public static final int SW_PROTECTED = 1;
    /// VM type: SEV.
    public static final int SEV = 2;
    /// VM type: SEV-ES.
    public static final int SEV_ES = 3;
    /// VM type: SEV-SNP.
    public static final int SNP = 4;

    private static final long DEBUG_SWAP = 1L << 5;
    private static final long GHCB_VERSION_MAX = 2;
    private static final int LAUNCH_START = 2;
    private static final int LAUNCH_UPDATE_VMSA = 4;
    private static final int SEND_CANCEL = 21;
    private static final int SNP_LAUNCH_START = 100;
    private static final int SNP_LAUNCH_FINISH = 102;
    /// LAUNCH_UPDATE_VMSA, GUEST_STATUS, DBG_DECRYPT, DBG_ENCRYPT.
    private static final Set<Integer> OF_MIRRORS = Set.of(LAUNCH_UPDATE_VMSA, 16, 17, 18);

    private final List<SevContext> contexts = new CopyOnWriteArrayList<>();
    private final AtomicLong handles = new AtomicLong();

    /// Creates a host without VMs.
    public SevContexts() {
    }

    /// Creates a VM.
    ///
    /// @return its number, from 0; EINVAL for a type that is not known
    public long createVm(int type) {
        if (type < DEFAULT || type > SNP) {
            return -Errno.EINVAL.number();
        }
        SevContext context = new SevContext(type);
        synchronized (contexts) {
            contexts.add(context);
            return contexts.size() - 1L;
        }
    }

    /// Creates a vCPU of a VM.
    public long createVcpu(long vm) {
        return onLive(vm, context -> {
            context.vcpus++;
            return 0;
        });
    }

    /// KVM_SEV_INIT2.
    public long init2(long vm, long flags, long features, long ghcbVersion) {
        return onLive(vm, context -> {
            boolean encryptedState = context.type >= SEV_ES;
            boolean isLegal = context.type >= SEV && context.vcpus == 0 && flags == 0 && !context.active
                    && (features & ~(encryptedState ? DEBUG_SWAP : 0)) == 0
                    && ghcbVersion >= 0 && ghcbVersion <= (encryptedState ? GHCB_VERSION_MAX : 0);
            if (!isLegal) {
                return -Errno.EINVAL.number();
            }
            context.active = true;
            context.encryptedState = encryptedState;
            context.features = features;
            context.handle = handles.incrementAndGet();
            return 0;
        });
    }

    /// Whether a command of KVM_MEMORY_ENCRYPT_OP may be given to a VM. LAUNCH_UPDATE_VMSA protects the vCPUs that there are; the
    /// others change nothing here.
    public long command(long vm, int command) {
        return onLive(vm, context -> {
            boolean isKnown = command >= LAUNCH_START && command <= SEND_CANCEL
                    || command >= SNP_LAUNCH_START && command <= SNP_LAUNCH_FINISH;
            if (!isKnown || context.mirrored != null && !OF_MIRRORS.contains(command)) {
                return -Errno.EINVAL.number();
            }
            if (context.type == SNP && context.active && command < SNP_LAUNCH_START) {
                return -Errno.EPERM.number();
            }
            boolean isForType = command < SNP_LAUNCH_START || context.type == SNP;
            if (!context.active || !isForType || command == LAUNCH_UPDATE_VMSA && !context.encryptedState) {
                return -Errno.ENOTTY.number();
            }
            if (command == LAUNCH_UPDATE_VMSA) {
                context.protectedVcpus = context.vcpus;
            }
            return 0;
        });
    }

    /// KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM: one VM gets the context of another, which is dead then.
    public long move(long to, long from) {
        return onTwo(to, from, (target, source) -> {
            boolean isLegal = target.type == source.type && !target.active && source.active && target.mirrored == null
                    && (!source.encryptedState
                            || target.vcpus == source.vcpus && source.protectedVcpus == source.vcpus);
            if (!isLegal) {
                return -Errno.EINVAL.number();
            }
            target.moveFrom(source);
            return 0;
        });
    }

    /// KVM_CAP_VM_COPY_ENC_CONTEXT_FROM: a VM without vCPUs becomes the mirror of another.
    public long mirror(long to, long from) {
        return onTwo(to, from, (target, source) -> {
            if (target.active || !source.active || source.mirrored != null || target.vcpus != 0) {
                return -Errno.EINVAL.number();
            }
            target.mirror(source);
            return 0;
        });
    }

    /// KVM_MEMORY_ENCRYPT_REG_REGION: pins a range of the VMM's memory.
    public long register(long vm, long address, long bytes) {
        return onLive(vm, context -> {
            if (!context.active) {
                return -Errno.ENOTTY.number();
            }
            if (context.mirrored != null || bytes == 0
                    || Long.compareUnsigned(address + bytes, address) < 0) {
                return -Errno.EINVAL.number();
            }
            context.regions.add(new SevContext.Region(address, bytes));
            return 0;
        });
    }

    /// KVM_MEMORY_ENCRYPT_UNREG_REGION: gives back exactly a range that was registered.
    public long unregister(long vm, long address, long bytes) {
        return onLive(vm, context -> {
            if (context.mirrored != null) {
                return -Errno.EINVAL.number();
            }
            if (!context.active) {
                return -Errno.ENOTTY.number();
            }
            boolean isFound = context.regions.remove(new SevContext.Region(address, bytes));
            return isFound ? 0 : -Errno.EINVAL.number();
        });
    }

    /// What a VM has: whether its context is active, it mirrors another, it is dead; the number of regions and the context's handle,
    /// which no two contexts share but mirrors.
    ///
    /// @param out filled with five numbers
    public long state(long vm, long[] out) {
        return on(vm, context -> {
            out[0] = context.active ? 1 : 0;
            out[1] = context.mirrored == null ? 0 : 1;
            out[2] = context.dead ? 1 : 0;
            out[3] = context.regions.size();
            out[4] = context.handle;
            return 0;
        });
    }

    // ---- locks ----------------------------------------------------------------------------------------------------------

    /// Works on two VMs.
    private interface OnTwo {
        long apply(SevContext target, SevContext source);
    }

    /// The target has to live; that the source does not is for the work to find.
    private long onTwo(long to, long from, OnTwo work) {
        SevContext source = find(from);
        if (to == from) {
            return onLive(to, context -> -Errno.EINVAL.number());
        }
        return onLive(to, target -> {
            if (!source.tryLock()) {
                return -Errno.EBUSY.number();
            }
            try {
                return work.apply(target, source);
            } finally {
                source.unlock();
            }
        });
    }

    private long onLive(long vm, ToLongFunction<SevContext> work) {
        return on(vm, context -> context.dead ? -Errno.EIO.number() : work.applyAsLong(context));
    }

    private long on(long vm, ToLongFunction<SevContext> work) {
        SevContext context = find(vm);
        if (!context.tryLock()) {
            return -Errno.EBUSY.number();
        }
        try {
            return work.applyAsLong(context);
        } finally {
            context.unlock();
        }
    }

    private SevContext find(long vm) {
        if (vm < 0 || vm >= contexts.size()) {
            throw new IllegalArgumentException("VM " + vm + " does not exist; there are " + contexts.size());
        }
        return contexts.get((int) vm);
    }
}
