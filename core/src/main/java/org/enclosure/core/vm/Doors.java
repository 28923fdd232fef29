package org.enclosure.core.vm;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.core.machine.PolicyChoices;
import org.enclosure.core.machine.PolicyChoices.Convert;

/// Which of the VMM's calls change kinds, by the policy `convert`; the others answer what a kernel answers that was configured
/// for another way (`docs/policies.md`).
final class Doors {
    private Doors() {
    }

    static void checkStore(PolicyChoices policies) {
        check(policies, Convert.STORE, Errno.ENOTTY, "convert on a store");
    }

    static void checkAttributes(PolicyChoices policies) {
        check(policies, Convert.ATTRIBUTES, Errno.EINVAL, "attribute PRIVATE on a VM");
    }

    static void checkRegions(PolicyChoices policies) {
        check(policies, Convert.REGION, Errno.ENOTTY, "registering a region");
    }

    private static void check(PolicyChoices policies, Convert needed, Errno errno, String what) {
        if (policies.convert() != needed) {
            throw new GuestMemoryException(errno, what + " is not a call of this VM: its policy is convert="
                    + policies.values().get(PolicyKey.CONVERT));
        }
    }
}
