package org.enclosure.fuzz.api;

import java.util.List;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.enclosure.fuzz.FuzzedChoices;
import org.enclosure.software.SoftwareProvider;
import org.enclosure.spi.VmType;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.tck.random.ApiFuzz;
import org.enclosure.testarch.TestProvider;

/// Every method of the API's objects, with any arguments: an answer or a documented exception, and no change on error.
class ApiArgumentsFuzzTest {
    private static final int MOST_CALLS = 64;
    private static final List<Plugin> PLUGINS = List.of(Plugin.of(new SoftwareProvider()).builtIn(),
            Plugin.of(new TestProvider()));

    @FuzzTest(maxDuration = "10m")
    void shouldAnswerAnyArgumentsAndChangeNothingOnError(FuzzedDataProvider data) {
        FuzzedChoices choices = new FuzzedChoices(data);
        Plugin plugin = PLUGINS.get(choices.nextInt(PLUGINS.size()));
        List<VmType> types = plugin.testedTypes();
        new ApiFuzz(choices).run(plugin, types.get(choices.nextInt(types.size())), MOST_CALLS);
    }
}
