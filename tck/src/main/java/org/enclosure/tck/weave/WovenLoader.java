package org.enclosure.tck.weave;

import java.util.Map;
import java.util.function.UnaryOperator;

/// Loads the engine, the plugins and the scenes of the scheduler anew, changed; the API, the SPI and the scheduler itself are
/// those of the test.
public final class WovenLoader extends ReloadingLoader {
    static {
        registerAsParallelCapable();
    }

    private final boolean weaves;

    /// @param mutants changes by class name, made before the yield points are woven in
    /// @param weaves whether yield points are woven in
    /// @throws AssertionError if a mutant does not apply any more
    public WovenLoader(Map<String, UnaryOperator<ChangedClass>> mutants, boolean weaves) {
        super("woven", mutants);
        this.weaves = weaves;
    }

    @Override
    protected boolean isOwn(String name) {
        return name.startsWith("org.enclosure.") && !name.startsWith("org.enclosure.api.")
                && !name.startsWith("org.enclosure.spi.") && !name.startsWith("org.enclosure.tck.weave.")
                && (!name.startsWith("org.enclosure.tck.schedule.")
                        || name.startsWith("org.enclosure.tck.schedule.scene."));
    }

    @Override
    protected byte[] woven(String name, byte[] bytes) {
        return weaves && YieldPoints.applyTo(name) ? YieldPoints.weave(bytes) : bytes;
    }
}
