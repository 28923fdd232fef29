/// The engine's entry points.
///
/// An embedder starts at [GuestMemorySystem][org.enclosure.core.GuestMemorySystem]: it finds the architectures and opens a
/// [Host][org.enclosure.api.vm.Host]; everything after that is `org.enclosure.api`.
///
/// ```java
/// try (GuestMemorySystem system = GuestMemorySystem.builder().build();
///         Host host = system.openHost(HostOptions.of("software", 64L << 20));
///         Vm vm = host.createVm(VmOptions.of("software-protected"));
///         GuestMemoryStore store = vm.createStore(16L << 20, Set.of())) {
///     vm.slots().create(Memslot.ofStore(0, 0, 16L << 20, store, 0));
///     vm.launch(image, Map.of("gpa", "0"));
///     try (Vcpu vcpu = vm.createVcpu(0)) {
///         VmExit last = vcpu.run(cpu -> cpu.storeLong(vm.address(0x1000, true), 42), ExitHandler.POLICY);
///     }
/// }
/// ```
@NullMarked
package org.enclosure.core;

import org.jspecify.annotations.NullMarked;
