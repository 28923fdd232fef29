package org.enclosure.tck.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.policy.ConversionDecision;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmType;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.oracle.Oracle;
import org.enclosure.tck.plugin.Plugin;

/// The machine of one run: a host with two VMs, and what decides for them.
final class World implements AutoCloseable {
    /// Name of the participant that vetoes.
    static final String VETOER = "the vetoing participant";

    private final VmType type;
    private final TestHost host;
    private final HostAddressSpace space;
    private final Oracle oracle;
    private final SplittableRandom dice;
    private final List<Subject> subjects = new ArrayList<>();
    private final boolean keepsBytes;
    private final boolean tagged;
    private ConversionDecision decision = ConversionDecision.ALLOW;
    private boolean vetoes;
    private int asked;
    private int nextTag;
    private final long unusedBefore;

    /// @param page the policy for the largest folio, `2m` or `4k`
    /// @param defers whether one of the VMs puts requests off
    World(Plugin plugin, VmType type, String page, boolean defers, SplittableRandom dice) {
        this.type = type;
        this.dice = dice;
        host = new TestHost(plugin);
        space = host.host().createAddressSpace();
        oracle = new Oracle(host, page.equals("4k"));
        keepsBytes = type.traits().has(VmTrait.CONTENT_KEPT);
        tagged = type.traits().has(VmTrait.ADDRESS_TELLS_KIND);
        unusedBefore = unused();
        for (int i = 0; i < 2; i++) {
            subjects.add(new Subject(this, "VM " + i, page, defers && i == 1));
        }
    }

    VmType type() {
        return type;
    }

    TestHost host() {
        return host;
    }

    HostAddressSpace space() {
        return space;
    }

    Oracle oracle() {
        return oracle;
    }

    SplittableRandom dice() {
        return dice;
    }

    Subject subject() {
        return subjects.get(dice.nextInt(subjects.size()));
    }

    List<Subject> subjects() {
        return subjects;
    }

    /// Whether the bytes of a page survive its conversion.
    boolean keepsBytes() {
        return keepsBytes;
    }

    /// Whether addresses tell the kind.
    boolean isTagged() {
        return tagged;
    }

    /// Whether nothing but guests changes the kind of pages.
    boolean areGuestsAlone() {
        return host.plugin().guestsAlone();
    }

    /// Whether a guest shares what it has without anybody being asked, and is asked again until nobody uses what it takes back.
    boolean isGuestFree() {
        return type.traits().has(VmTrait.PAGES_STAY);
    }

    /// A word that was never written before.
    long newWord() {
        return 0x7a60_0000_0000_0000L | ++nextTag;
    }

    boolean oneIn(int times) {
        return dice.nextInt(times) == 0;
    }

    // ---- who decides ----------------------------------------------------------------------------------------------------

    /// What the policies of all VMs answer until the next call.
    void decide(ConversionDecision next) {
        decision = next;
        asked = 0;
    }

    /// How often a policy was asked since the last [#decide].
    int asked() {
        return asked;
    }

    ConversionDecision decision() {
        asked++;
        return decision;
    }

    /// Whether the participant of all VMs vetoes until the next call.
    void veto(boolean next) {
        vetoes = next;
    }

    Participant participant() {
        return new Participant() {
            @Override
            public String name() {
                return VETOER;
            }

            @Override
            public boolean prepare(ConversionRequest request) {
                return !vetoes;
            }

            @Override
            public void commit(ConversionRequest request) {
                // Nothing was given up.
            }

            @Override
            public void abort(ConversionRequest request) {
                // Nothing was given up.
            }
        };
    }

    Map<String, String> vmSettings() {
        return host.plugin().vmSettings();
    }

    /// Ends all VMs; every frame has to be free again.
    void end() {
        subjects.forEach(Subject::close);
        space.close();
        if (unused() != unusedBefore) {
            throw new AssertionError(unused() + " frames are unused at the end, " + unusedBefore + " were before");
        }
    }

    /// Frames that are free, and those that have failed.
    private long unused() {
        return host.host().stats().free() + host.host().stats().quarantined();
    }

    @Override
    public void close() {
        host.close();
    }
}
