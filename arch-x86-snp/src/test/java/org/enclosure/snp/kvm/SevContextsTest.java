package org.enclosure.snp.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.enclosure.api.Errno;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The KVM selftests of SEV initialisation, moves and mirrors, by their numbers.
class SevContextsTest {
    private static final long EINVAL = -Errno.EINVAL.number();
    private static final long EIO = -Errno.EIO.number();
    private static final long EBUSY = -Errno.EBUSY.number();
    private static final long ENOTTY = -Errno.ENOTTY.number();
    private static final long EPERM = -Errno.EPERM.number();
    private static final int LAUNCH_UPDATE_VMSA = 4;
    private static final int LAUNCH_START = 2;

    private final SevContexts contexts = new SevContexts();

    @Test
    @DisplayName("T-I01 INIT2 on a VM of another type is EINVAL")
    void shouldInitialiseOnlyVmsOfTheTypes() {
        assertEquals(EINVAL, init(contexts.createVm(SevContexts.DEFAULT)));
        assertEquals(EINVAL, init(contexts.createVm(SevContexts.SW_PROTECTED)));
        for (int type : new int[] {SevContexts.SEV, SevContexts.SEV_ES, SevContexts.SNP}) {
            long vm = contexts.createVm(type);
            assertEquals(0, init(vm));
            assertEquals(EINVAL, init(vm), "once");
        }
        long late = contexts.createVm(SevContexts.SEV);
        contexts.createVcpu(late);
        assertEquals(EINVAL, init(late), "before the first vCPU");
        assertEquals(EINVAL, contexts.createVm(5));
        assertEquals(EINVAL, contexts.createVm(-1));
    }

    @Test
    @DisplayName("T-I02 INIT2 with a flag, or a feature that is not known, is EINVAL")
    void shouldRefuseFlagsAndUnknownFeatures() {
        long sev = contexts.createVm(SevContexts.SEV);
        long es = contexts.createVm(SevContexts.SEV_ES);
        for (int bit = 0; bit < 32; bit++) {
            assertEquals(EINVAL, contexts.init2(es, 1L << bit, 0, 0), "flag " + bit);
        }
        for (int bit = 0; bit < 64; bit++) {
            assertEquals(EINVAL, contexts.init2(sev, 0, 1L << bit, 0), "SEV feature " + bit);
            if (bit != 5) {
                assertEquals(EINVAL, contexts.init2(es, 0, 1L << bit, 0), "SEV-ES feature " + bit);
            }
        }
        assertEquals(EINVAL, contexts.init2(sev, 0, 0, 1), "SEV has no GHCB");
        assertEquals(EINVAL, contexts.init2(es, 0, 0, 3));
        assertEquals(0, state(es)[0], "nothing was initialised");
        assertEquals(0, contexts.init2(es, 0, 1L << 5, 2));
        assertEquals(0, contexts.init2(sev, 0, 0, 0));
    }

    @Test
    @DisplayName("T-I03 a context moves on and on, but not into a VM that it has left")
    void shouldMoveAContextAlongAChain() {
        long[] vms = {sev(), plain(), plain(), plain()};
        long handle = state(vms[0])[4];
        contexts.register(vms[0], 0x1000, 0x2000);
        for (int i = 1; i < vms.length; i++) {
            assertEquals(0, contexts.move(vms[i], vms[i - 1]));
            assertEquals(1, state(vms[i])[0]);
            assertEquals(handle, state(vms[i])[4]);
            assertEquals(1, state(vms[i])[3], "its regions go along");
            assertEquals(1, state(vms[i - 1])[2]);
            assertEquals(0, state(vms[i - 1])[0]);
        }
        assertEquals(EIO, contexts.move(vms[0], vms[3]));
        assertEquals(EIO, contexts.command(vms[0], LAUNCH_START));
        assertEquals(EIO, contexts.register(vms[0], 0x1000, 0x1000));
        assertEquals(EIO, contexts.createVcpu(vms[0]));
        assertEquals(EINVAL, contexts.move(plain(), vms[0]), "a dead VM has nothing to give");
    }

    @Test
    @DisplayName("T-I04 a move without context, into one, between VMs that differ, or of unprotected vCPUs is EINVAL")
    void shouldRefuseMovesThatCannotBe() {
        assertEquals(EINVAL, contexts.move(plain(), plain()));
        assertEquals(EINVAL, contexts.move(sev(), sev()));
        long self = sev();
        assertEquals(EINVAL, contexts.move(self, self));
        assertEquals(EINVAL, contexts.move(contexts.createVm(SevContexts.SEV_ES), sev()));
        long es = es(2);
        assertEquals(EINVAL, contexts.move(plainEs(2), es), "vCPUs without protected state");
        contexts.command(es, LAUNCH_UPDATE_VMSA);
        assertEquals(EINVAL, contexts.move(plainEs(1), es), "another number of vCPUs");
        assertEquals(0, state(es)[2], "a refused move kills nobody");
        assertEquals(0, contexts.move(plainEs(2), es));
        assertEquals(0, contexts.move(plain(), sevWithVcpus(3)), "SEV's vCPUs are nobody's business");
    }

    @Test
    @DisplayName("T-I05 threads that move contexts to and fro end")
    void shouldNotDeadlockWhenVmsAreMovedMutually() throws Exception {
        long[] vms = {sev(), plain(), plain()};
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                int first = thread;
                runs.add(pool.submit(() -> {
                    for (int round = 0; round < 10_000; round++) {
                        long status = contexts.move(vms[(first + round) % 3], vms[(first + round + 1) % 3]);
                        if (status != 0 && status != EBUSY && status != EINVAL && status != EIO) {
                            throw new AssertionError("status " + status);
                        }
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
        long active = 0;
        for (long vm : vms) {
            active += state(vm)[0];
        }
        assertEquals(1, active, "there is one context for ever");
    }

    @Test
    @DisplayName("T-I06 a mirror of oneself, of nothing, with vCPUs or a context of its own is EINVAL")
    void shouldRefuseMirrorsThatCannotBe() {
        long source = sev();
        assertEquals(EINVAL, contexts.mirror(source, source));
        assertEquals(EINVAL, contexts.mirror(plain(), plain()));
        assertEquals(EINVAL, contexts.mirror(sev(), source));
        long withVcpu = plain();
        contexts.createVcpu(withVcpu);
        assertEquals(EINVAL, contexts.mirror(withVcpu, source));
        long mirror = plain();
        assertEquals(0, contexts.mirror(mirror, source));
        assertEquals(EINVAL, contexts.mirror(plain(), mirror), "a mirror of a mirror");
        assertEquals(state(source)[4], state(mirror)[4], "the same context");
        assertEquals(1, state(mirror)[1]);
    }

    @Test
    @DisplayName("T-I06 in a mirror only VMSA update, status and debug commands work")
    void shouldLetAMirrorDoLittle() {
        long mirror = contexts.createVm(SevContexts.SEV_ES);
        contexts.mirror(mirror, es(0));
        contexts.createVcpu(mirror);
        for (int command = 0; command < 110; command++) {
            boolean isAllowed = List.of(4, 16, 17, 18).contains(command);
            assertEquals(isAllowed ? 0 : EINVAL, contexts.command(mirror, command), "command " + command);
        }
        assertEquals(EINVAL, contexts.register(mirror, 0x1000, 0x1000));
        assertEquals(EINVAL, contexts.unregister(mirror, 0x1000, 0x1000));
    }

    @Test
    void shouldKeepMirrorsWithAContextThatMoves() {
        long source = sev();
        long mirror = plain();
        contexts.mirror(mirror, source);
        long target = plain();
        assertEquals(0, contexts.move(target, source));
        assertEquals(state(target)[4], state(mirror)[4]);
        long next = plain();
        assertEquals(0, contexts.move(next, mirror), "a mirror can move, too");
        assertEquals(1, state(next)[1]);
        assertEquals(EINVAL, contexts.command(next, LAUNCH_START));
    }

    @Test
    void shouldGiveBackExactlyWhatWasRegistered() {
        long vm = sev();
        assertEquals(ENOTTY, contexts.register(plain(), 0x1000, 0x1000));
        assertEquals(ENOTTY, contexts.unregister(plain(), 0x1000, 0x1000));
        assertEquals(EINVAL, contexts.register(vm, 0x1000, 0));
        assertEquals(EINVAL, contexts.register(vm, -0x1000, 0x2000));
        assertEquals(0, contexts.register(vm, 0x1000, 0x3000));
        assertEquals(0, contexts.register(vm, 0x2000, 0x1000), "regions may overlap");
        assertEquals(EINVAL, contexts.unregister(vm, 0x1000, 0x1000), "a part");
        assertEquals(EINVAL, contexts.unregister(vm, 0x2000, 0x3000), "another start");
        assertEquals(0, contexts.unregister(vm, 0x1000, 0x3000));
        assertEquals(EINVAL, contexts.unregister(vm, 0x1000, 0x3000), "once");
        assertEquals(1, state(vm)[3]);
    }

    @Test
    void shouldHaveCommandsPerGeneration() {
        long snp = contexts.createVm(SevContexts.SNP);
        assertEquals(ENOTTY, contexts.command(snp, 100));
        init(snp);
        assertEquals(0, contexts.command(snp, 100));
        assertEquals(EPERM, contexts.command(snp, LAUNCH_START));
        assertEquals(ENOTTY, contexts.command(sev(), 100));
        assertEquals(ENOTTY, contexts.command(sev(), LAUNCH_UPDATE_VMSA));
        assertEquals(ENOTTY, contexts.command(contexts.createVm(SevContexts.DEFAULT), LAUNCH_START));
        assertEquals(EINVAL, contexts.command(sev(), 99));
        assertThrows(IllegalArgumentException.class, () -> contexts.command(1000, LAUNCH_START));
        assertThrows(IllegalArgumentException.class, () -> contexts.command(-1, LAUNCH_START));
    }

    private long init(long vm) {
        return contexts.init2(vm, 0, 0, 0);
    }

    private long plain() {
        return contexts.createVm(SevContexts.SEV);
    }

    private long sev() {
        long vm = plain();
        assertEquals(0, init(vm));
        return vm;
    }

    private long sevWithVcpus(int vcpus) {
        long vm = sev();
        addVcpus(vm, vcpus);
        return vm;
    }

    private long es(int vcpus) {
        long vm = contexts.createVm(SevContexts.SEV_ES);
        assertEquals(0, init(vm));
        addVcpus(vm, vcpus);
        return vm;
    }

    private long plainEs(int vcpus) {
        long vm = contexts.createVm(SevContexts.SEV_ES);
        addVcpus(vm, vcpus);
        return vm;
    }

    private void addVcpus(long vm, int vcpus) {
        for (int i = 0; i < vcpus; i++) {
            assertEquals(0, contexts.createVcpu(vm));
        }
    }

    private long[] state(long vm) {
        long[] state = new long[5];
        assertEquals(0, contexts.state(vm, state));
        return state;
    }
}
