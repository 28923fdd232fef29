package org.enclosure.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;

import org.enclosure.api.policy.ConversionDecision;
import org.enclosure.api.policy.ConversionPolicy;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.vm.VmOptions;
import org.junit.jupiter.api.Test;

class VmDefaultsTest {
    private static final ConversionPolicy DENY = _ -> ConversionDecision.deny("no");
    private static final ConversionPolicy BUSY = _ -> ConversionDecision.BUSY;

    @Test
    void shouldDecideWhereTheVmLeavesTheDecisionOpen() {
        assertSame(DENY, new VmDefaults(DENY, List.of()).applyTo(VmOptions.of("t")).conversionPolicy());
        assertSame(BUSY, new VmDefaults(DENY, List.of()).applyTo(VmOptions.of("t").with(BUSY)).conversionPolicy());
    }

    @Test
    void shouldPutTheSystemsParticipantsBeforeTheVms() {
        Named first = new Named("first");
        Named second = new Named("second");
        assertEquals(List.of(first, second),
                new VmDefaults(DENY, List.of(first)).applyTo(VmOptions.of("t").with(second)).participants());
    }

    @Test
    void shouldLeaveTheRestAlone() {
        VmOptions options = VmOptions.of("t").withVcpus(3).with("a", "b").with(BUSY);
        assertEquals(options, new VmDefaults(DENY, List.of()).applyTo(options));
    }

    private record Named(String name) implements Participant {
        @Override
        public boolean prepare(ConversionRequest request) {
            return true;
        }

        @Override
        public void commit(ConversionRequest request) {
        }

        @Override
        public void abort(ConversionRequest request) {
        }
    }
}
