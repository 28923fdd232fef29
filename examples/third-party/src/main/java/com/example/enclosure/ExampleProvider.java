package com.example.enclosure;

import java.util.EnumSet;
import java.util.List;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.S2Format;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;

/// Says who this is and what its VMs are like.
public final class ExampleProvider implements ArchitectureProvider {
    private static final S2Format FORMAT = new S2Format(4, 512, 1, 2, 1 << 7, 0x000f_ffff_ffff_f000L);
    private static final VmTraits TRAITS = new VmTraits(EnumSet.of(VmTrait.PRIVATE_MEMORY, VmTrait.CONTENT_KEPT,
            VmTrait.COPIED_PAYLOAD, VmTrait.REFUSAL_TOLD), null, FORMAT, 2, 0, 0);
    static final List<VmType> TYPES = List.of(
            new VmType("confidential", "private memory that the engine enforces", TRAITS, List.of("HOLE", "HOST", "GUEST")));

    @Override
    public String id() {
        return "example";
    }

    @Override
    public SpiVersion spiVersion() {
        return SpiVersion.of(1, 0);
    }

    @Override
    public List<VmType> vmTypes() {
        return TYPES;
    }

    @Override
    public Platform open(PlatformContext context) {
        return new ExamplePlatform(context.memory());
    }
}
