package org.enclosure.tck.random;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.host.IommuModel;
import org.enclosure.api.host.Pin;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.store.StoreKind;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.AccessResolver;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.VmType;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.plugin.Plugin;
import org.jspecify.annotations.Nullable;

/// Calls every method of the API's objects with arguments from the edges: whatever comes, it is answered by a value or by an
/// exception of those that the API documents, and what throws has changed nothing. When all is closed, no frame is missing, and
/// whoever still calls gets an answer too.
public final class ApiFuzz {
    private static final long BYTES = EdgeArguments.PAGES * Paging.PAGE_SIZE;
    private static final Set<String> LEFT_OUT = Set.of("close", "run", "pause", "equals", "hashCode", "toString",
            "trim", "prepare", "commit", "abort");

    private record Call(Object target, Method method) {
    }

    private final Choices choices;
    private final Map<String, Integer> answers = new HashMap<>();

    /// @param choices which calls are made, and with which arguments
    public ApiFuzz(Choices choices) {
        this.choices = choices;
    }

    /// How often each kind of answer was given.
    public Map<String, Integer> answers() {
        return answers;
    }

    /// Makes so many calls on a VM of a type, or fewer if there is nothing left to choose by; then some more when it has ended, and
    /// when its host has.
    public void run(Plugin plugin, VmType type, int count) {
        List<Call> calls;
        EdgeArguments arguments;
        try (TestHost host = new TestHost(plugin);
                GuestMemorySystem system = GuestMemorySystem.builder().build()) {
            HostAddressSpace space = host.host().createAddressSpace();
            long before = frames(host.host());
            PolicySet policies = PolicySet.defaults().with("private-log=" + (choices.nextInt(4) == 0 ? "on" : "off"));
            Vm vm = host.host().createVm(VmOptions.of(type.id()).withVcpus(4).with(policies));
            GuestMemoryStore store = vm.createStore(BYTES, Set.of(StoreFlag.MMAP));
            HostMapping mapping = space.map(store, 0, BYTES);
            vm.slots().create(new Memslot(1, 0, BYTES, Set.of(), mapping, 0, store, 0));
            arguments = new EdgeArguments(choices, store, mapping, type.id());
            try (Vcpu vcpu = vm.createVcpu(0);
                    AccessResolver resolver = vm.createAccessResolver(1);
                    IommuModel iommu = new IommuModel("the fuzzer's IOMMU", 2);
                    HostMapping plain = space.map(BYTES);
                    Pin pin = plain.pin(0, BYTES, "the fuzzer")) {
                calls = calls(host.host(), vm, vm.slots(), vm.attributes(), vm.conversions(), vm.regions(),
                        vm.sharedPages(), vm.migration(), vm.dirtyLog(), store, mapping, space, plain, pin, vcpu,
                        resolver, iommu, host.host().physical(), system);
                for (int i = 0; i < count && choices.hasMore(); i++) {
                    callAndCompare(arguments, calls.get(choices.nextInt(calls.size())), vm, store);
                }
            }
            vm.close();
            store.close();
            callSome(arguments, calls, count / 8);
            space.close();
            if (frames(host.host()) != before) {
                throw new AssertionError(
                        frames(host.host()) + " frames are free at the end, " + before + " were before");
            }
        }
        callSome(arguments, calls, count / 8);
    }

    /// Frames that nobody uses, those that pools keep and failed ones among them.
    private static long frames(Host host) {
        long pooled = Stream.of(StoreKind.HUGE_2M, StoreKind.HUGE_1G)
                .mapToLong(kind -> host.poolStats(kind).free() << kind.order()).sum();
        return host.stats().free() + host.stats().quarantined() + pooled;
    }

    private static List<Call> calls(Object... targets) {
        List<Call> calls = new ArrayList<>();
        for (Object target : targets) {
            faces(target).flatMap(type -> Arrays.stream(type.getMethods()))
                    .filter(method -> method.getDeclaringClass() != Object.class
                            && !Modifier.isStatic(method.getModifiers()) && !LEFT_OUT.contains(method.getName()))
                    .sorted(Comparator.comparing(Method::toGenericString))
                    .forEach(method -> calls.add(new Call(target, method)));
        }
        return calls;
    }

    /// What embedders see of an object.
    private static Stream<Class<?>> faces(Object target) {
        return target instanceof IommuModel || target instanceof GuestMemorySystem ? Stream.of(target.getClass())
                : Arrays.stream(target.getClass().getInterfaces())
                        .filter(type -> type.getPackageName().startsWith("org.enclosure.api"));
    }

    private void callSome(EdgeArguments arguments, List<Call> calls, int count) {
        for (int i = 0; i < count && choices.hasMore(); i++) {
            call(arguments, calls.get(choices.nextInt(calls.size())));
        }
    }

    private void callAndCompare(EdgeArguments arguments, Call call, Vm vm, GuestMemoryStore store) {
        String before = state(vm, store);
        Throwable thrown = call(arguments, call);
        String after = state(vm, store);
        if (thrown != null && !after.equals(before)) {
            throw new AssertionError(call.method.getName() + " threw and changed " + before + " to " + after, thrown);
        }
    }

    /// @return what was thrown, one of those that are documented
    private @Nullable Throwable call(EdgeArguments arguments, Call call) {
        Throwable thrown = invoke(arguments, call);
        String answer = thrown == null ? "answered" : thrown instanceof GuestMemoryException e ? e.errno().toString()
                : thrown.getClass().getSimpleName();
        answers.merge(answer, 1, Integer::sum);
        boolean isDocumented = thrown == null || thrown instanceof GuestMemoryException
                || thrown instanceof HostAccessException
                || thrown instanceof IllegalArgumentException || thrown instanceof IllegalStateException
                || thrown instanceof IndexOutOfBoundsException;
        if (!isDocumented) {
            throw new AssertionError(call.method + " threw what it must not", thrown);
        }
        return thrown;
    }

    private @Nullable Throwable invoke(EdgeArguments arguments, Call call) {
        try {
            Object answer = call.method.invoke(call.target,
                    Arrays.stream(call.method.getParameterTypes()).map(arguments::of).toArray());
            if (answer instanceof AutoCloseable made && !(answer instanceof HostMapping && choices.nextBoolean())) {
                made.close();
            }
            return null;
        } catch (InvocationTargetException e) {
            return e.getCause();
        } catch (Exception e) {
            return e;
        }
    }

    private static String state(Vm vm, GuestMemoryStore store) {
        StringBuilder state = new StringBuilder().append(vm.slots().list().size()).append(' ')
                .append(vm.slots().generation()).append(' ');
        for (long gpa = 0; gpa < BYTES; gpa += Paging.PAGE_SIZE) {
            state.append(vm.attributes().kind(gpa).isPrivate() ? 'p' : 's');
        }
        return state.append(store.flags()).toString();
    }
}
