package org.enclosure.tck.weave;

import java.util.Map;
import java.util.function.UnaryOperator;

/// Loads the engine, the plugins and the scenes of the scheduler anew, changed; the API, the SPI and the scheduler itself are
/// those of the test.
public final class WovenLoader extends ReloadingLoader {
    static {
        registerAsParallelCapable();
    }

    private final Weave weave;

    /// What is woven into the engine.
    public enum Weave {
        /// Nothing.
        NONE,
        /// The scheduler's yield points, and what each step touches.
        POINTS,
        /// Yield points, and behind them the steps of the invalidate protocol.
        POINTS_AND_EVENTS
    }

    /// @param mutants changes by class name, made before anything is woven in
    /// @throws AssertionError if a mutant does not apply any more
    public WovenLoader(Map<String, UnaryOperator<ChangedClass>> mutants, Weave weave) {
        super("woven", mutants);
        this.weave = weave;
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
        if (weave == Weave.NONE) {
            return bytes;
        }
        byte[] woven = bytes;
        if (YieldPoints.applyTo(name)) {
            woven = YieldPoints.weave(bytes);
            woven = weave == Weave.POINTS ? woven : ProtocolEvents.weave(woven);
        }
        return name.startsWith("org.enclosure.tck.") ? woven : Touches.weave(woven);
    }
}
