package org.enclosure.tck.parity;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Set;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.tck.plugin.MachineTable;

/// Loads a plugin anew, with a recorder in those methods of its machine that are operations. The API, the SPI, the engine and the
/// kit are those of the test.
final class RecordingLoader extends ClassLoader {
    private static final ClassDesc RECORDER = ClassDesc.of(Recorder.class.getName());
    private static final MethodTypeDesc BEGIN = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String,
            ConstantDescs.CD_Object.arrayType());
    private static final MethodTypeDesc END = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);

    private final String plugin;
    private final String machine;
    private final Set<String> methods;

    /// @param provider the plugin; all classes in its package and below are its own
    RecordingLoader(ArchitectureProvider provider, MachineTable table) {
        super("recording", provider.getClass().getClassLoader());
        plugin = provider.getClass().getPackageName() + ".";
        machine = table.machine() + ".";
        methods = table.lines().keySet();
    }

    /// The plugin, loaded anew.
    ArchitectureProvider provider(ArchitectureProvider original) {
        try {
            return loadClass(original.getClass().getName()).asSubclass(ArchitectureProvider.class).getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the plugin cannot be loaded anew: " + e.getMessage(), e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(plugin)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = read(name);
        if (name.startsWith(machine)) {
            bytes = woven(bytes);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] read(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private byte[] woven(byte[] bytes) {
        ClassFile files = ClassFile.of();
        ClassModel parsed = files.parse(bytes);
        String simple = MachineSurface.simpleName(parsed.thisClass().asInternalName());
        return files.transformClass(parsed, (builder, element) -> {
            if (element instanceof MethodModel method && method.flags().has(AccessFlag.PUBLIC)
                    && methods.contains(simple + "." + method.methodName().stringValue())) {
                wrap(builder, parsed.thisClass().asSymbol(), simple, method);
            } else {
                builder.with(element);
            }
        });
    }

    /// The method under another name, and one of its name that calls it between the two calls of the recorder.
    private static void wrap(ClassBuilder builder, ClassDesc owner, String simple, MethodModel method) {
        String name = method.methodName().stringValue();
        MethodTypeDesc type = method.methodTypeSymbol();
        boolean isStatic = method.flags().has(AccessFlag.STATIC);
        builder.withMethod(name + "$recorded", type, method.flags().flagsMask(),
                copy -> method.forEach(copy::with));
        builder.withMethodBody(name, type, method.flags().flagsMask(), code -> {
            begin(code, simple + "." + name, type);
            call(code, owner, name + "$recorded", type, isStatic);
            end(code, TypeKind.from(type.returnType()));
        });
    }

    private static void begin(CodeBuilder code, String method, MethodTypeDesc type) {
        code.ldc(method).loadConstant(type.parameterCount()).anewarray(ConstantDescs.CD_Object);
        for (int i = 0; i < type.parameterCount(); i++) {
            TypeKind kind = TypeKind.from(type.parameterType(i));
            code.dup().loadConstant(i).loadLocal(kind, code.parameterSlot(i));
            box(code, kind);
            code.aastore();
        }
        code.invokestatic(RECORDER, "begin", BEGIN);
    }

    private static void call(CodeBuilder code, ClassDesc owner, String name, MethodTypeDesc type, boolean isStatic) {
        if (!isStatic) {
            code.aload(code.receiverSlot());
        }
        for (int i = 0; i < type.parameterCount(); i++) {
            code.loadLocal(TypeKind.from(type.parameterType(i)), code.parameterSlot(i));
        }
        if (isStatic) {
            code.invokestatic(owner, name, type);
        } else {
            code.invokevirtual(owner, name, type);
        }
    }

    private static void end(CodeBuilder code, TypeKind kind) {
        if (kind == TypeKind.VOID) {
            code.aconst_null();
        } else if (kind.slotSize() == 2) {
            code.dup2();
            box(code, kind);
        } else {
            code.dup();
            box(code, kind);
        }
        code.invokestatic(RECORDER, "end", END).return_(kind);
    }

    private static void box(CodeBuilder code, TypeKind kind) {
        ClassDesc box = switch (kind) {
            case BOOLEAN -> ConstantDescs.CD_Boolean;
            case BYTE -> ConstantDescs.CD_Byte;
            case SHORT -> ConstantDescs.CD_Short;
            case CHAR -> ConstantDescs.CD_Character;
            case INT -> ConstantDescs.CD_Integer;
            case LONG -> ConstantDescs.CD_Long;
            case FLOAT -> ConstantDescs.CD_Float;
            case DOUBLE -> ConstantDescs.CD_Double;
            case REFERENCE, VOID -> null;
        };
        if (box != null) {
            code.invokestatic(box, "valueOf", MethodTypeDesc.of(box, kind.upperBound()));
        }
    }
}
