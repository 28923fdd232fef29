package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchVariation;

/// Plans and measures launches of SEV-SNP, SEV-ES and SEV; [LaunchOptions] lists the options. No state: any thread.
public final class SnpPlanner implements LaunchPlanner {
    /// The one planner.
    public static final SnpPlanner INSTANCE = new SnpPlanner();

    private SnpPlanner() {
    }

    @Override
    public List<LaunchItem> plan(MemorySegment image, Map<String, String> options) {
        LaunchOptions launch = LaunchOptions.parse(options);
        if (!launch.isPayload(image.byteSize()) && !isPlainImage(image, options)) {
            return LaunchSteps.firmware(image, launch);
        }
        if (launch.hasKernel()) {
            throw new IllegalArgumentException("a kernel goes with firmware only, not with a payload of "
                    + image.byteSize() + " bytes at option gpa=" + options.get(OPTION_GPA));
        }
        return LaunchSteps.payload(image.byteSize(), launch.gpa(), launch.mode());
    }

    /// An image without any table that a host loads with nothing but its address is no firmware, wherever it ends; whoever names a
    /// processor or a number of vCPUs means firmware, and is told what it lacks.
    private static boolean isPlainImage(MemorySegment image, Map<String, String> options) {
        return options.keySet().equals(Set.of(OPTION_GPA)) && !FooterTable.read(image).isPresent();
    }

    @Override
    public LaunchResult measure(List<LaunchItem> items, MemorySegment image, Map<String, String> options) {
        return Measurement.of(items, image, LaunchOptions.parse(options).inputs(image.byteSize()));
    }

    @Override
    public List<LaunchVariation> variations(Map<String, String> options) {
        return new Variations(options).list();
    }
}
