package org.enclosure.examples;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Paging;
import org.enclosure.api.vm.ConversionStats;
import org.enclosure.examples.guest.MemoryMap;
import org.enclosure.examples.guest.PageConversions;
import org.enclosure.examples.machine.Machine;

/// Converts pages to shared and back from all vCPUs at once, each with pages of its own, side by side in one 2M range or two.
final class ConversionStage {
    /// The fewest vCPUs that take part.
    static final int MIN_VCPUS = 2;

    private final Machine machine;
    private final Failures failures;

    ConversionStage(Machine machine, Failures failures) {
        this.machine = machine;
        this.failures = failures;
    }

    /// Converts all pages once there and back.
    void run(int vcpus, long seed) {
        List<PageConversions> programs = new ArrayList<>();
        for (int vcpu = 0; vcpu < vcpus; vcpu++) {
            int first = share(vcpu, vcpus);
            programs.add(new PageConversions(MemoryMap.CONVERTED + first * Paging.PAGE_SIZE,
                    share(vcpu + 1, vcpus) - first, seed));
        }
        ConversionStats before = machine.vm().stats().conversions();
        machine.runAll(programs).forEach(Failures::requireReturn);
        ConversionStats after = machine.vm().stats().conversions();
        programs.forEach(program -> failures.addAll(program.findings().sentences()));
        int done = programs.stream().mapToInt(PageConversions::done).sum();
        check("pages were converted there and back", done, MemoryMap.CONVERTED_PAGES);
        check("pages were counted to change their kind", after.pages() - before.pages(),
                2L * MemoryMap.CONVERTED_PAGES);
        check("conversions were refused", after.refused() - before.refused(), 0);
    }

    private void check(String what, long seen, long wanted) {
        failures.check(seen == wanted, seen + " " + what + " instead of " + wanted);
    }

    private static int share(int vcpu, int vcpus) {
        return MemoryMap.CONVERTED_PAGES * vcpu / vcpus;
    }
}
