package org.enclosure.tdx.host;

import java.util.Map;
import java.util.Set;

import org.enclosure.spi.OptionNames;
import org.enclosure.spi.OptionValues;
import org.enclosure.spi.VmContext;
import org.enclosure.tdx.wire.Attributes;

/// What a TD is created with.
///
/// | setting | values | meaning |
/// |---|---|---|
/// | `debug` | no, yes | the host may read and write private memory by TDH.MEM.RD and WR |
/// | `sept-ve-disable` | no, yes | a page that is not accepted ends the TD instead of a #VE |
/// | `maxphyaddr` | 36 to 52 | width of guest physical addresses that CPUID tells; MapGPA checks it |
/// | `busy-answer` | retry, gpa-inuse | what MapGPA answers when the host is busy |
///
/// @param attributes TD_PARAMS.ATTRIBUTES
/// @param gpaw width of guest addresses, 48 or 52
/// @param maxVcpus the most vCPUs
/// @param maxPhyAddr width that CPUID tells
/// @param tellsInUse whether MapGPA answers GPA_INUSE instead of RETRY
record TdSettings(long attributes, int gpaw, int maxVcpus, int maxPhyAddr, boolean tellsInUse) {
    private static final Set<String> NAMES = Set.of("debug", "sept-ve-disable", "maxphyaddr", "busy-answer");

    /// Reads the settings of a VM.
    ///
    /// @throws IllegalArgumentException if one is unknown or illegal
    static TdSettings of(VmContext context) {
        Map<String, String> options = context.options();
        OptionNames.check("a TD", options, NAMES);
        long attributes = OptionValues.choice(options, "debug", "no", "yes").equals("yes") ? Attributes.DEBUG : 0;
        if (OptionValues.choice(options, "sept-ve-disable", "no", "yes").equals("yes")) {
            attributes |= Attributes.SEPT_VE_DISABLE;
        }
        return new TdSettings(attributes, TdxTypes.gpaw(context.type()), context.maxVcpus(),
                (int) OptionValues.number(options, "maxphyaddr", 52, 36, 52),
                OptionValues.choice(options, "busy-answer", "retry", "gpa-inuse").equals("gpa-inuse"));
    }
}
