package org.enclosure.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import org.enclosure.tck.random.Choices;

/// The choices that the bytes of a fuzzer mean.
public final class FuzzedChoices implements Choices {
    private final FuzzedDataProvider data;

    /// @param data the input; nobody else reads from it
    public FuzzedChoices(FuzzedDataProvider data) {
        this.data = data;
    }

    @Override
    public boolean hasMore() {
        return data.remainingBytes() > 0;
    }

    @Override
    public int nextInt(int bound) {
        return data.consumeInt(0, bound - 1);
    }

    @Override
    public long nextLong() {
        return data.consumeLong();
    }

    @Override
    public boolean nextBoolean() {
        return data.consumeBoolean();
    }
}
