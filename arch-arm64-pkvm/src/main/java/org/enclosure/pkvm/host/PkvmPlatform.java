package org.enclosure.pkvm.host;

import java.util.Set;

import org.enclosure.api.Access;
import org.enclosure.pkvm.launch.PkvmPlanner;
import org.enclosure.pkvm.machine.El2;
import org.enclosure.pkvm.machine.Inspection;
import org.enclosure.pkvm.machine.Profile;
import org.enclosure.pkvm.ops.PkvmOperations;
import org.enclosure.pkvm.wire.Annotation;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.Owner;
import org.enclosure.pkvm.wire.Syndrome;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.OptionNames;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.Status;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmTrait;

/// A machine that has booted with KVM in protected mode. The setting `profile` says which kernel it is: `6.18`, `7.1` (the default),
/// `android16` or `union`.
public final class PkvmPlatform implements Platform {
    /// The setting that names the kernel.
    public static final String OPTION_PROFILE = "profile";

    private final El2 el2;
    private final Inspection inspection;
    private final ArchOperations operations;

    /// Boots a machine over the RAM of the context.
    ///
    /// @throws IllegalArgumentException naming a setting that is not known, or its legal values
    public PkvmPlatform(PlatformContext context) {
        OptionNames.check("the arm64-pkvm platform", context.options(), Set.of(OPTION_PROFILE));
        Profile profile = Profile.of(context.options().getOrDefault(OPTION_PROFILE, Profile.V7_1.id()));
        el2 = new El2(context.memory(), context.ranges(), profile);
        inspection = el2.inspection();
        operations = new PkvmOperations(el2);
    }

    @Override
    public VmBackend create(VmContext context) {
        OptionNames.check("a VM of the arm64-pkvm platform", context.options(), Set.of());
        boolean isProtected = context.type().traits().has(VmTrait.PRIVATE_MEMORY);
        if (isProtected && !el2.profile().isProtecting()) {
            throw new IllegalArgumentException("the kernel of profile " + el2.profile().id()
                    + " has no protected VMs; legal: the VM type unprotected, or another profile");
        }
        return new PkvmVm(el2, context, isProtected);
    }

    /// A page that the host gave away is out of its reach, for CPUs and devices: EL2 injects an abort, whose syndrome is the code, and
    /// a process gets SIGSEGV. An old kernel's EL2 panics instead: the code is -1 and no VM runs any more.
    @Override
    public long hostAccess(long pfn, int access, FaultDetail detail) {
        if (el2.hostCalls().hostAccess(pfn) == HypErrno.OK) {
            return Status.OK;
        }
        long annotation = inspection.hostDescriptor(pfn);
        boolean isGuests = Annotation.owner(annotation) == Owner.GUEST;
        detail.pfn = pfn;
        detail.access = access;
        detail.owner = inspection.ownerHandle(pfn);
        detail.gfn = isGuests && el2.profile().isForcing() ? Annotation.gfn(annotation) : 0;
        detail.code = el2.isPanicked() ? -1 : Syndrome.hostAbort((access & Access.WRITE) != 0, false);
        detail.info1 = annotation;
        return Status.of(Status.DENIED, 0, (int) -HypErrno.EPERM);
    }

    @Override
    public ArchOperations operations() {
        return operations;
    }

    @Override
    public LaunchPlanner launchPlanner() {
        return PkvmPlanner.INSTANCE;
    }

    @Override
    public void close() {
        // All state is in memory that the engine owns, and in this object.
    }
}
