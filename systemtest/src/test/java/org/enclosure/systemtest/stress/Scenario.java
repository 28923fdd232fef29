package org.enclosure.systemtest.stress;

import org.enclosure.api.policy.PolicySet;
import org.enclosure.software.SoftwareProvider;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.testarch.TestProvider;

/// The VMs that are put under stress.
///
/// Where the engine or the platform promises that a page is zero after a conversion, its poison stays in it: a load through an old
/// translation finds it at any later time, and so does a load of a page that was not zeroed.
enum Scenario {
    /// The engine's tables alone, one page for both kinds, bytes survive a conversion.
    SOFTWARE("software-protected", "backing=in-place", "page=4k", "after=keep"),
    /// As before with huge pages.
    SOFTWARE_2M("software-protected", "backing=in-place", "page=2m", "after=zero"),
    /// A page of its own for each kind.
    SOFTWARE_SPLIT("software-protected", "backing=split", "page=4k", "after=zero"),
    /// Addresses tell the kind, ownership is the platform's.
    CORE_OWNED("core-owned", "backing=in-place", "page=4k", "after=keep"),
    /// As before with huge pages.
    CORE_OWNED_2M("core-owned", "backing=in-place", "page=2m", "after=keep"),
    /// Private translations are the platform's.
    BACKEND_OWNED("backend-owned", "backing=in-place", "page=4k", "after=keep"),
    /// As before with huge pages.
    BACKEND_OWNED_2M("backend-owned", "backing=in-place", "page=2m", "after=keep"),
    /// Private translations are the platform's, a page of its own for each kind.
    BACKEND_OWNED_SPLIT("backend-owned", "backing=split", "page=4k", "after=zero");

    private final String type;
    private final String[] policies;

    Scenario(String type, String... policies) {
        this.type = type;
        this.policies = policies;
    }

    /// Id of the VM type.
    String type() {
        return type;
    }

    /// A new provider of the type.
    ArchitectureProvider provider() {
        return isSoftware() ? new SoftwareProvider() : new TestProvider();
    }

    private boolean isSoftware() {
        return type.startsWith("software");
    }

    /// Whether addresses tell the kind.
    boolean isTagged() {
        return !isSoftware();
    }

    PolicySet policies() {
        PolicySet set = PolicySet.defaults();
        for (String policy : policies) {
            set = set.with(policy);
        }
        return set;
    }

    boolean isSplit() {
        return policies[0].equals("backing=split");
    }

    boolean isHuge() {
        return policies[1].equals("page=2m");
    }

    /// Whether what stands in a page at its conversion is what the guest finds afterwards.
    ///
    /// @param state the platform's word for the page before the conversion
    boolean keepsContent(String state, boolean toPrivate) {
        if (isSoftware()) {
            return policies[2].equals("after=keep");
        }
        // A private page that the platform has not got yet was zeroed by the engine for nobody.
        return type.equals("core-owned") && !toPrivate && state.equals("SHARED");
    }
}
