package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.RAM;
import static org.enclosure.core.kvm.KvmVm.errnoOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.enclosure.api.Errno;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is closed answers EBADF, and what ends while somebody comes is open or closed for him, nothing between.
class ClosedTest {
    private static final int SPACES = 8;
    private static final int COLLECTIONS = 100;

    @ParameterizedTest
    @CsvSource({"in-place,true", "in-place,false", "split,true", "split,false"})
    @DisplayName("every call of a VM that is closed is EBADF, whether a store keeps its structures or not")
    void shouldRefuseEveryCallOfAClosedVm(String backing, boolean keepsStore) {
        try (GuestVm m = GuestVm.with("backing=" + backing, "status=both", "private-log=on",
                backing.equals("split") ? "convert=attributes" : "convert=store")) {
            HostMapping anonymous = m.process.map(RAM);
            m.vm.close();
            if (!keepsStore) {
                m.store.close();
            }
            Vm vm = m.vm;
            Memslot slot = Memslot.ofMapping(1, RAM, RAM, anonymous, 0);
            for (Executable call : List.<Executable>of(() -> vm.createStore(PAGE, Set.of()), () -> vm.createVcpu(1),
                    () -> vm.createAccessResolver(1), () -> vm.slots().create(slot),
                    () -> vm.slots().set(slot.with(MemslotFlag.LOG_DIRTY)), () -> vm.slots().delete(0),
                    () -> vm.conversions().convert(0, PAGE, MemoryKind.SHARED), () -> vm.attributes().kind(0),
                    () -> vm.attributes().isUniform(0, PAGE, MemoryKind.SHARED),
                    () -> vm.attributes().set(0, PAGE, MemoryKind.PRIVATE), () -> vm.regions().register(0, PAGE),
                    () -> vm.sharedPages().get(), () -> vm.sharedPages().set(List.of()),
                    () -> vm.migration().snapshot(), () -> vm.dirtyLog().get(0, new long[32]),
                    () -> vm.dirtyLog().enableRing(256), () -> vm.privateDirtyLog().fetch(m.store, new long[32]),
                    () -> vm.inspect(0), vm::pagesByState, vm::recoverHugePages, vm::reboot, vm::finishLaunch,
                    () -> vm.enableHypercallExits(0))) {
                assertEquals(Errno.EBADF, errnoOf(call));
            }
            assertEquals(-Errno.EBADF.number(), vm.conversions().request(0, 0, PAGE, MemoryKind.PRIVATE));
            assertThrows(IllegalStateException.class, () -> m.vcpu.run(cpu -> {
            }, ExitHandler.POLICY));
            assertThrows(IllegalStateException.class,
                    () -> m.vcpu.preMap(0, MemorySegment.ofArray(new byte[(int) PAGE])));
            assertThrows(IllegalStateException.class, () -> m.vcpu.preFault(0, PAGE));
            assertEquals(0, vm.stats().memory().failedPages());
            assertEquals(List.of(), vm.slots().list());
        }
    }

    @Test
    @DisplayName("an address space that is closed maps nothing more; a store that is closed is mapped nowhere")
    void shouldMapNeitherInAClosedSpaceNorAClosedStore() {
        try (GuestVm m = GuestVm.with()) {
            HostAddressSpace space = m.host.createAddressSpace();
            space.map(m.store, 0, RAM).loadLong(0);
            space.close();
            assertEquals(Errno.EBADF, errnoOf(() -> space.map(PAGE)));
            assertEquals(Errno.EBADF, errnoOf(() -> space.map(m.store, 0, PAGE)));
            assertEquals(Errno.EBADF, errnoOf(space::duplicate));
            GuestMemoryStore closed = m.vm.createStore(PAGE, Set.of());
            closed.close();
            assertEquals(Errno.EBADF, errnoOf(() -> m.process.map(closed, 0, PAGE)), "before ENODEV");
        }
    }

    @Test
    @DisplayName("a slot of a closed store of another VM: EBADF before EINVAL")
    void shouldLookWhetherTheStoreIsOpenBeforeWhoseItIs() {
        try (GuestVm m = GuestVm.with()) {
            Vm other = m.host.createVm(VmOptions.of("software-protected"));
            GuestMemoryStore foreign = other.createStore(PAGE, Set.of(StoreFlag.MMAP));
            Memslot slot = Memslot.ofStore(1, RAM, PAGE, foreign, 0);
            assertEquals(Errno.EINVAL, errnoOf(() -> m.vm.slots().create(slot)));
            foreign.close();
            assertEquals(Errno.EBADF, errnoOf(() -> m.vm.slots().create(slot)));
        }
    }

    @Test
    @DisplayName("a vCPU that is closed while a thread starts it runs or is closed, never both")
    void shouldNotRunAGuestOnAVcpuThatIsClosed() throws Exception {
        try (GuestVm m = GuestVm.with()) {
            for (int round = 0; round < 300; round++) {
                Vcpu second = m.vm.createVcpu(1);
                AtomicBoolean closed = new AtomicBoolean();
                AtomicBoolean both = new AtomicBoolean();
                CompletableFuture<?> run = GuestVm.start(second, cpu -> {
                    for (int i = 0; i < 200; i++) {
                        cpu.storeLong(PAGE, i);
                        both.compareAndSet(false, closed.get());
                    }
                }, ExitHandler.POLICY).handle((exit, thrown) -> closed);
                for (boolean done = false; !done;) {
                    try {
                        second.close();
                        done = true;
                    } catch (IllegalStateException e) {
                        Thread.onSpinWait();
                    }
                }
                closed.set(true);
                run.get(60, TimeUnit.SECONDS);
                assertFalse(both.get(), "a closed vCPU ran");
            }
        }
    }

    @Test
    @DisplayName("statistics are read while vCPUs are created: neither waits for the other for ever")
    void shouldCountWhileVcpusAreCreated() throws Exception {
        try (GuestVm m = GuestVm.with()) {
            Vm vm = m.host.createVm(VmOptions.of("software-protected").withVcpus(256));
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Void> reader = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                while (!done.get()) {
                    vm.stats();
                }
                reader.complete(null);
            });
            thread.setDaemon(true);
            thread.start();
            CompletableFuture<Void> creator = CompletableFuture.runAsync(() -> {
                for (int index = 0; index < 256; index++) {
                    vm.createVcpu(index);
                }
            });
            creator.get(60, TimeUnit.SECONDS);
            done.set(true);
            reader.get(60, TimeUnit.SECONDS);
            vm.close();
        }
    }

    @Test
    @DisplayName("a thread that has used an address space does not keep it, or its host, when it is closed")
    void shouldNotKeepAClosedSpaceByItsThread() throws InterruptedException {
        List<WeakReference<HostAddressSpace>> closed = new ArrayList<>();
        for (int i = 0; i < SPACES; i++) {
            closed.add(new WeakReference<>(useAndClose()));
        }
        for (int round = 0; round < COLLECTIONS && closed.stream().anyMatch(one -> one.get() != null); round++) {
            System.gc();
            Thread.sleep(10);
        }
        // The last one may still stand in a frame of the interpreter.
        assertTrue(closed.stream().filter(one -> one.get() != null).count() <= 1, "kept");
    }

    private static HostAddressSpace useAndClose() {
        try (GuestVm m = GuestVm.with("backing=in-place")) {
            HostAddressSpace space = m.process;
            space.map(PAGE).storeLong(0, 1);
            return space;
        }
    }
}
