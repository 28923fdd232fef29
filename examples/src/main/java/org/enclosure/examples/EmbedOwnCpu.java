package org.enclosure.examples;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vm.AccessResolver;
import org.enclosure.api.vm.Vm;

/// Embedding below the vCPU: a CPU of one's own, here one that copies words, over a resolver of accesses. An access in a kind
/// that the page does not have comes back as MEMORY_FAULT; this VMM converts the page and makes the access again.
public final class EmbedOwnCpu implements AutoCloseable {
    private final Vm vm;
    private final AccessResolver resolver;

    /// Takes the place of vCPU 0.
    public EmbedOwnCpu(Vm vm) {
        this.vm = vm;
        resolver = vm.createAccessResolver(0);
    }

    /// Copies words from one guest address to another, each with the tag that says private or shared.
    public void copy(long from, long to, int words) {
        for (long offset = 0; offset < (long) words * Long.BYTES; offset += Long.BYTES) {
            while (!resolver.load(from + offset, Long.BYTES)) {
                convert(resolver.exit());
            }
            long value = resolver.value();
            while (!resolver.store(to + offset, Long.BYTES, value)) {
                convert(resolver.exit());
            }
        }
    }

    private void convert(VmExit exit) {
        if (exit.reason() != ExitReason.MEMORY_FAULT) {
            throw new IllegalStateException(
                    exit.reason() + " at gpa 0x" + Long.toHexString(exit.gpa()) + ": " + exit.cause());
        }
        vm.conversions().convert(exit.gpa(), exit.bytes(), MemoryKind.of(exit.isPrivate()));
    }

    @Override
    public void close() {
        resolver.close();
    }
}
