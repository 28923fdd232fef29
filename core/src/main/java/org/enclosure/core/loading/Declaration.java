package org.enclosure.core.loading;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/// What one jar or folder of classes says about providers, in both places where it can.
///
/// @param location the jar or folder, as it is shown to people
/// @param module the name of its module, null if it is none; an automatic module has the name that its file gives it
/// @param explicit whether it has a `module-info`
/// @param inModule the classes that `module-info` provides
/// @param inServices the classes that the file in `META-INF/services` names
/// @param unreadable what could not be read of the two, a sentence each
record Declaration(String location, @Nullable String module, boolean explicit, List<String> inModule,
        List<String> inServices,
        List<String> unreadable) {
    Declaration {
        inModule = List.copyOf(inModule);
        inServices = List.copyOf(inServices);
        unreadable = List.copyOf(unreadable);
    }

    /// The classes that either place names.
    Set<String> all() {
        Set<String> all = new LinkedHashSet<>(inServices);
        all.addAll(inModule);
        return all;
    }

    /// Whether the places contradict each other about a class. A jar without `module-info` does not: it says nothing there.
    boolean contradicts(String provider) {
        return !inServices.contains(provider) || explicit && !inModule.contains(provider);
    }

    boolean isEmpty() {
        return inModule.isEmpty() && inServices.isEmpty() && unreadable.isEmpty();
    }
}
