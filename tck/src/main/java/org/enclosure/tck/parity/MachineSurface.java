package org.enclosure.tck.parity;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.tck.plugin.MachineTable;

/// What the rest of a plugin calls of its machine, read from the class files, and which of it changes the machine's state (RAW-1).
///
/// A method changes state if it, or a method of the plugin that it calls, writes physical memory, writes with a `VarHandle` or an
/// atomic, stores into an array or changes a collection that a field holds, or sets a field of a machine's object. Objects that
/// callers hand in, such as the registers of a call, are no state of the machine.
final class MachineSurface {
    private final PluginClasses classes;
    private final MachineTable table;
    private final String machine;
    private final String operations;
    private final Set<String> changing = new HashSet<>();

    /// @param provider the plugin
    MachineSurface(ArchitectureProvider provider, MachineTable table) {
        this.table = table;
        classes = new PluginClasses(provider.getClass());
        machine = table.machine().replace('.', '/') + "/";
        operations = machine.substring(0, machine.lastIndexOf('/', machine.length() - 2)) + "/ops/";
        findChanging();
    }

    static String simpleName(String internalName) {
        return internalName.substring(internalName.lastIndexOf('/') + 1);
    }

    private boolean isOfMachine(String type) {
        return type.startsWith(machine);
    }

    // ---- which methods change state -------------------------------------------------------------------------------------

    private void findChanging() {
        StateWrites writes = new StateWrites(classes, this::isOfMachine);
        Map<String, Set<String>> calls = new TreeMap<>();
        for (ClassModel type : classes.all()) {
            String owner = type.thisClass().asInternalName();
            for (MethodModel method : type.methods()) {
                String name = method.methodName().stringValue();
                CodeModel code = method.code().orElse(null);
                if (code == null || table.isApart(simpleName(owner), name)) {
                    continue;
                }
                String key = PluginClasses.key(owner, method);
                calls.put(key, callees(code));
                if (writes.isWriting(owner, method, code)) {
                    changing.add(key);
                }
            }
        }
        boolean grows = true;
        while (grows) {
            grows = false;
            for (Map.Entry<String, Set<String>> one : calls.entrySet()) {
                grows |= one.getValue().stream().anyMatch(changing::contains) && changing.add(one.getKey());
            }
        }
    }

    private Set<String> callees(CodeModel code) {
        Set<String> found = new HashSet<>();
        for (CodeElement element : code) {
            for (PluginClasses.Call call : PluginClasses.calls(element)) {
                found.addAll(classes.targets(call));
            }
        }
        return found;
    }

    // ---- what is called from outside ------------------------------------------------------------------------------------

    /// The methods of the machine that change state, are called from outside of machine and operations, and are in no line of the
    /// table; each with a class that calls it.
    Set<String> unlisted() {
        Set<String> found = new TreeSet<>();
        for (ClassModel type : classes.all()) {
            String caller = type.thisClass().asInternalName();
            if (!isOfMachine(caller) && !caller.startsWith(operations)) {
                type.methods().forEach(method -> method.code().ifPresent(code -> unlisted(caller, code, found)));
            }
        }
        return found;
    }

    private void unlisted(String caller, CodeModel code, Set<String> found) {
        for (CodeElement element : code) {
            for (PluginClasses.Call call : PluginClasses.calls(element)) {
                String name = simpleName(call.owner()) + "." + call.name();
                boolean isCreated = call.name().startsWith("<");
                if (isOfMachine(call.owner()) && !isCreated && !table.lines().containsKey(name)
                        && classes.targets(call).stream().anyMatch(changing::contains)) {
                    found.add(name + ", called by " + simpleName(caller));
                }
            }
        }
    }

    /// The lines of the table whose method is no public method of the machine.
    List<String> unknownLines() {
        return table.lines().keySet().stream().filter(line -> !exists(line)).toList();
    }

    private boolean exists(String line) {
        return classes.all().stream().filter(type -> isOfMachine(type.thisClass().asInternalName()))
                .anyMatch(type -> type.methods().stream().anyMatch(method -> isPublic(method)
                        && line.equals(simpleName(type.thisClass().asInternalName()) + "."
                                + method.methodName().stringValue())));
    }

    private static boolean isPublic(MethodModel method) {
        return method.flags().has(AccessFlag.PUBLIC);
    }

    /// The names that were declared to keep no state and that no class or method of the machine has.
    List<String> unknownApart() {
        Set<String> known = new HashSet<>();
        for (ClassModel type : classes.all()) {
            String simple = simpleName(type.thisClass().asInternalName());
            known.add(simple);
            type.methods().forEach(method -> known.add(simple + "." + method.methodName().stringValue()));
        }
        return table.apart().stream().filter(name -> !known.contains(name)).sorted().toList();
    }
}
