package org.enclosure;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apiguardian.api.API;

/// Everything of a type that others can see, as lines of text.
///
/// Types stand without their packages, nullable ones with the mark. The values of constants are part of it: a compiler copies
/// them into the callers.
final class Signatures {
    private Signatures() {
    }

    /// A line for the type, then an indented one for each member.
    static List<String> of(Class<?> type) {
        List<String> lines = new ArrayList<>();
        lines.add(header(type));
        for (Object constant : Objects.requireNonNullElse(type.getEnumConstants(), new Object[0])) {
            lines.add("    " + ((Enum<?>) constant).name());
        }
        TreeSet<String> members = new TreeSet<>();
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field.getModifiers()) && !field.isEnumConstant() && !field.isSynthetic()) {
                members.add("    " + field(field));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isVisible(constructor.getModifiers()) && !isCanonical(constructor)) {
                members.add("    " + modifiers(constructor) + type.getSimpleName() + parameters(constructor));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isVisible(method.getModifiers()) && !method.isSynthetic() && !isImplied(method)) {
                members.add("    " + modifiers(method) + typeParameters(method.getTypeParameters())
                        + text(method.getAnnotatedReturnType()) + " "
                        + method.getName() + parameters(method));
            }
        }
        lines.addAll(members);
        return lines;
    }

    private static String header(Class<?> type) {
        API api = type.getDeclaredAnnotation(API.class);
        String status = api == null ? "no status" : api.status() + " since " + api.since();
        return status + " " + modifiers(type) + kind(type) + " " + type.getTypeName()
                + typeParameters(type.getTypeParameters()) + components(type)
                + list(" extends ", superclass(type))
                + list(type.isInterface() ? " extends " : " implements ",
                        Arrays.stream(type.getAnnotatedInterfaces()).map(Signatures::text))
                + list(" permits ", permitted(type));
    }

    private static String modifiers(Class<?> type) {
        int drop = type.isInterface() ? Modifier.ABSTRACT | Modifier.INTERFACE | Modifier.STATIC
                : type.isRecord() || type.isEnum()
                        ? Modifier.FINAL | Modifier.STATIC | Modifier.ABSTRACT : 0;
        String modifiers = Modifier.toString(type.getModifiers() & ~drop);
        return (type.isSealed() ? modifiers + " sealed" : modifiers) + " ";
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "@interface";
        }
        return type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    }

    private static Stream<String> superclass(Class<?> type) {
        AnnotatedType superclass = type.getAnnotatedSuperclass();
        boolean implied = superclass == null || type.isEnum() || type.isRecord()
                || superclass.getType() == Object.class;
        return implied ? Stream.empty() : Stream.of(text(superclass));
    }

    private static Stream<String> permitted(Class<?> type) {
        return type.isSealed() && !type.isEnum()
                ? Arrays.stream(type.getPermittedSubclasses()).map(t -> shorten(t.getTypeName())) : Stream.empty();
    }

    private static String components(Class<?> type) {
        return type.isRecord()
                ? Arrays.stream(type.getRecordComponents()).map(c -> text(c.getAnnotatedType()) + " " + c.getName())
                        .collect(Collectors.joining(", ", "(", ")"))
                : "";
    }

    private static String field(Field field) {
        String text = Modifier.toString(field.getModifiers()) + " " + text(field.getAnnotatedType()) + " "
                + field.getName();
        boolean constant = Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers())
                && (field.getType().isPrimitive() || field.getType() == String.class);
        try {
            return constant ? text + " = " + field.get(null) : text;
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static String modifiers(Executable executable) {
        boolean isDefault = executable instanceof Method method && method.isDefault();
        int mask = executable instanceof Method ? Modifier.methodModifiers() & ~Modifier.SYNCHRONIZED & ~Modifier.NATIVE
                : Modifier.constructorModifiers();
        if (executable.getDeclaringClass().isInterface()) {
            mask &= ~(Modifier.PUBLIC | Modifier.ABSTRACT);
        }
        String modifiers = Modifier.toString(executable.getModifiers() & mask);
        return (isDefault ? "default " : "") + (modifiers.isEmpty() ? "" : modifiers + " ");
    }

    private static String parameters(Executable executable) {
        return Arrays.stream(executable.getAnnotatedParameterTypes()).map(Signatures::text)
                .collect(Collectors.joining(", ", "(", ")"))
                + list(" throws ", Arrays.stream(executable.getAnnotatedExceptionTypes()).map(Signatures::text));
    }

    private static String typeParameters(TypeVariable<?>[] variables) {
        return variables.length == 0 ? "" : Arrays.stream(variables).map(v -> v.getName() + bounds(v))
                .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String bounds(TypeVariable<?> variable) {
        return list(" extends ",
                Arrays.stream(variable.getAnnotatedBounds()).map(Signatures::text).filter(b -> !"Object".equals(b)));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    /// What a record or enum has without saying so: accessors, the constructor of all components, `values` and `valueOf`.
    private static boolean isImplied(Method method) {
        Class<?> type = method.getDeclaringClass();
        boolean accessor = type.isRecord()
                && Arrays.stream(type.getRecordComponents()).map(RecordComponent::getAccessor).anyMatch(method::equals);
        boolean ofObject = type.isRecord() && List.of("equals", "hashCode", "toString").contains(method.getName());
        boolean ofEnum = type.isEnum() && Modifier.isStatic(method.getModifiers())
                && List.of("values", "valueOf").contains(method.getName());
        return accessor || ofObject || ofEnum;
    }

    private static boolean isCanonical(Constructor<?> constructor) {
        Class<?> type = constructor.getDeclaringClass();
        return type.isRecord() && Arrays.equals(constructor.getParameterTypes(),
                Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType).toArray(Class<?>[]::new));
    }

    private static String text(AnnotatedType type) {
        return shorten(type.toString());
    }

    private static String shorten(String name) {
        return name.replace("@org.jspecify.annotations.Nullable()", "@Nullable")
                .replace("@org.jspecify.annotations.Nullable", "@Nullable")
                .replaceAll("([a-z]\\w*\\.)+(?=[A-Z@])", "").replace('$', '.');
    }

    private static String list(String before, Stream<String> items) {
        String joined = items.collect(Collectors.joining(", "));
        return joined.isEmpty() ? "" : before + joined;
    }
}
