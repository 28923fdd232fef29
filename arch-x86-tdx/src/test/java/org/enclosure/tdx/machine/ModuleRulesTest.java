package org.enclosure.tdx.machine;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The rules of [ModuleRules], a test each.
class ModuleRulesTest {
    @TestFactory
    Stream<DynamicTest> everyRuleShouldHold() {
        return Stream.of(ModuleRules.class.getDeclaredMethods())
                .filter(rule -> rule.getParameterCount() == 0 && !Modifier.isPrivate(rule.getModifiers()))
                .map(rule -> dynamicTest(rule.getName(), () -> run(rule)));
    }

    private static void run(Method rule) throws Throwable {
        try {
            rule.invoke(null);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
