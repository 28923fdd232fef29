package org.enclosure.tck.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.Stream;

import org.enclosure.spi.Status;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmType;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.plugin.Plugin;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.provider.Arguments;

/// A contract whose tests run once per VM type.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TypeContract {
    private final Plugin plugin;

    TypeContract(Plugin plugin) {
        this.plugin = plugin;
    }

    final Plugin plugin() {
        return plugin;
    }

    final TestHost host() {
        return new TestHost(plugin);
    }

    /// The VM types under test.
    final Stream<Arguments> types() {
        return plugin.testedTypes().stream().map(type -> Arguments.of(Named.of(type.id(), type)));
    }

    static void assumeTrait(VmType type, VmTrait trait) {
        assumeTrue(type.traits().has(trait), () -> type.id() + " has not the trait " + trait);
    }

    static void assumeNoTrait(VmType type, VmTrait trait) {
        assumeTrue(!type.traits().has(trait), () -> type.id() + " has the trait " + trait);
    }

    static void assumeHuge(VmType type) {
        assumeTrue(type.traits().maxLevel() > 1, () -> type.id() + " maps 4K pages alone");
    }

    /// Fails unless a status is good, and says what it was.
    static void assertGood(long status, String what) {
        if (status < 0) {
            throw new AssertionError(what + " answered " + Status.describe(status));
        }
    }

    /// Fails unless a status is negative and of a kind, and says what it was.
    static void assertKind(int kind, long status, String what) {
        if (Status.kind(status) != kind) {
            throw new AssertionError(what + " answered " + Status.describe(status) + " instead of "
                    + Status.kindName(kind));
        }
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
