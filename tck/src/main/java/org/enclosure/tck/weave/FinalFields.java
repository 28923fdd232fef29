package org.enclosure.tck.weave;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which fields are final: nobody can race for them.
final class FinalFields {
    static final FinalFields SHARED = new FinalFields();

    private final Map<String, Set<String>> byClass = new ConcurrentHashMap<>();

    private FinalFields() {
    }

    /// Whether a field is final; one that the class has from its superclass counts as not final.
    boolean isFinal(String owner, String field) {
        return byClass.computeIfAbsent(owner, FinalFields::read).contains(field);
    }

    private static Set<String> read(String owner) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(owner + ".class")) {
            if (in == null) {
                return Set.of();
            }
            ClassModel parsed = ClassFile.of().parse(in.readAllBytes());
            Set<String> names = new HashSet<>();
            parsed.fields().stream().filter(field -> (field.flags().flagsMask() & ClassFile.ACC_FINAL) != 0)
                    .forEach(field -> names.add(field.fieldName().stringValue()));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
