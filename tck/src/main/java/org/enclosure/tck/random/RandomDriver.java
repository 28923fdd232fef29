package org.enclosure.tck.random;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

import org.enclosure.spi.VmType;
import org.enclosure.tck.plugin.Plugin;

/// Does random steps with the VMs of one host, and compares with the oracle after each.
public final class RandomDriver {
    private static final int COMPARE_ALL = 1024;

    private record Step(String name, Supplier<String> body) {
    }

    private final Plugin plugin;
    private final VmType type;
    private final String page;
    private final long seed;
    private final boolean defers;

    /// @param page the policy for the largest folio, `2m` or `4k`
    public RandomDriver(Plugin plugin, VmType type, String page, long seed) {
        this(plugin, type, page, seed, false);
    }

    private RandomDriver(Plugin plugin, VmType type, String page, long seed, boolean defers) {
        this.defers = defers;
        this.plugin = plugin;
        this.type = type;
        this.page = page;
        this.seed = seed;
    }

    /// The same, where one of the VMs puts a guest's request off as long as a page is pinned (policy `convert=pending`).
    /// For VM types whose guests need not accept a page before they use it: such a guest would wait for what nobody lets go.
    public RandomDriver deferring() {
        return new RandomDriver(plugin, type, page, seed, true);
    }

    /// Does so many steps.
    ///
    /// @param histogram gets what was done
    /// @throws AssertionError if the engine and the oracle do not agree; the message has the seed and the number of the step
    public void run(int count, Histogram histogram) {
        SplittableRandom dice = new SplittableRandom(seed);
        int done = 0;
        String name = "start";
        try (World world = new World(plugin, type, page, defers, dice)) {
            Checks checks = new Checks(world);
            try (RefusedSteps refused = new RefusedSteps(world, checks)) {
                List<Step> steps = steps(world, checks, refused);
                world.oracle().compareAll();
                for (; done < count; done++) {
                    Step step = steps.get(dice.nextInt(steps.size()));
                    name = step.name;
                    histogram.add(step.name, step.body.get());
                    checks.compare();
                    if (done % COMPARE_ALL == 0) {
                        world.oracle().compareAll();
                    }
                }
                world.oracle().compareAll();
            }
            world.end();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    plugin.provider().id() + "/" + type.id() + " page=" + page + ", step " + done + " ("
                            + name + "), seed " + seed + ": " + e.getMessage(),
                    e);
        }
    }

    /// The steps, each as often as it is to be weighted.
    private static List<Step> steps(World world, Checks checks, RefusedSteps refused) {
        List<Step> steps = new ArrayList<>();
        GuestSteps guest = new GuestSteps(world, checks);
        HostSteps host = new HostSteps(world, checks);
        SlotSteps slots = new SlotSteps(world, checks);
        add(steps, 10, "guest load", guest::load);
        add(steps, 10, "guest store", guest::store);
        add(steps, 4, "guest share", guest::share);
        add(steps, 4, "guest unshare", guest::unshare);
        // What a host does to the pages of its guests without asking them.
        int taking = world.areGuestsAlone() ? 0 : 1;
        add(steps, 10 * taking, "convert", host::convert);
        add(steps, 3 * taking, "convert store", host::convertStore);
        add(steps, 3 * taking, "punch", host::punch);
        add(steps, 2, "allocate", host::allocate);
        add(steps, 4, "pin", host::pin);
        add(steps, 3, "unpin", host::unpin);
        add(steps, 2, "use pin", host::usePin);
        add(steps, 6, "host access", host::hostAccess);
        add(steps, 3, "raw read", host::rawRead);
        add(steps, 2, "fetch log", host::fetchLog);
        add(steps, 4 * taking, "create slot", slots::create);
        add(steps, taking, "delete slot", slots::delete);
        add(steps, 12, "refused call", refused::refused);
        return steps;
    }

    private static void add(List<Step> steps, int weight, String name, Supplier<String> body) {
        for (int i = 0; i < weight; i++) {
            steps.add(new Step(name, body));
        }
    }
}
