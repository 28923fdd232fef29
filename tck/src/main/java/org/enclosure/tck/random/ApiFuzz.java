package org.enclosure.tck.random;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.spi.VmType;
import org.enclosure.tck.Plugin;
import org.enclosure.tck.machine.TestHost;
import org.jspecify.annotations.Nullable;

/// Calls every method of the API's objects with arguments from the edges: whatever comes, it is answered by a value or by an
/// exception of those that the API documents, and what throws has changed nothing.
public final class ApiFuzz {
    private static final long BYTES = EdgeArguments.PAGES * Paging.PAGE_SIZE;

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

    /// Makes so many calls on a VM of a type, or fewer if there is nothing left to choose by.
    public void run(Plugin plugin, VmType type, int count) {
        try (TestHost host = new TestHost(plugin); HostAddressSpace space = host.host().createAddressSpace()) {
            Vm vm = host.host().createVm(VmOptions.of(type.id()).withVcpus(4));
            GuestMemoryStore store = vm.createStore(BYTES, Set.of(StoreFlag.MMAP));
            HostMapping mapping = space.map(store, 0, BYTES);
            vm.slots().create(new Memslot(1, 0, BYTES, Set.of(), mapping, 0, store, 0));
            List<Object> targets = List.of(vm, vm.slots(), vm.attributes(), vm.conversions(), store, mapping, space,
                    host.host().physical());
            List<Call> calls = calls(targets);
            EdgeArguments arguments = new EdgeArguments(choices, store, mapping);
            for (int i = 0; i < count && choices.hasMore(); i++) {
                call(calls.get(choices.nextInt(calls.size())), arguments, vm, store);
            }
            vm.close();
            store.close();
        }
    }

    private static List<Call> calls(List<Object> targets) {
        List<Call> calls = new ArrayList<>();
        for (Object target : targets) {
            for (Class<?> type : target.getClass().getInterfaces()) {
                if (type.getPackageName().startsWith("org.enclosure.api")) {
                    Arrays.stream(type.getMethods()).filter(method -> !method.getName().equals("close"))
                            .sorted(Comparator.comparing(Method::toGenericString))
                            .forEach(method -> calls.add(new Call(target, method)));
                }
            }
        }
        return calls;
    }

    private void call(Call call, EdgeArguments edges, Vm vm, GuestMemoryStore store) {
        Object[] arguments = Arrays.stream(call.method.getParameterTypes()).map(edges::of).toArray();
        String before = state(vm, store);
        Throwable thrown = invoke(call, arguments);
        if (thrown == null) {
            answers.merge("answered", 1, Integer::sum);
            return;
        }
        answers.merge(thrown instanceof GuestMemoryException e ? e.errno().toString()
                : thrown.getClass().getSimpleName(), 1, Integer::sum);
        String what = call.method.getName() + Arrays.toString(arguments);
        if (!isDocumented(thrown)) {
            throw new AssertionError(what + " threw what it must not", thrown);
        }
        String after = state(vm, store);
        if (!after.equals(before)) {
            throw new AssertionError(what + " threw and changed " + before + " to " + after, thrown);
        }
    }

    private static boolean isDocumented(Throwable thrown) {
        return thrown instanceof GuestMemoryException || thrown instanceof HostAccessException
                || thrown instanceof IllegalArgumentException || thrown instanceof IllegalStateException
                || thrown instanceof IndexOutOfBoundsException;
    }

    private @Nullable Throwable invoke(Call call, Object[] arguments) {
        try {
            Object answer = call.method.invoke(call.target, arguments);
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
