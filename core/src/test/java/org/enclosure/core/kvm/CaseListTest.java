package org.enclosure.core.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every case of KVM's selftests that is promised (`cases.txt`) has a test with its number in the display name, or a reason why it
/// does not apply.
class CaseListTest {
    private static final Pattern CASE = Pattern.compile("T-[A-Z][0-9]+b?");

    /// What a case has to have: `test`, `both` (a test in each backing) or `none` (a reason).
    private static Map<String, String> promised() throws IOException {
        Map<String, String> cases = new TreeMap<>();
        try (InputStream in = Objects.requireNonNull(CaseListTest.class.getResourceAsStream("cases.txt"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"))
                    .forEach(line -> {
                        String[] words = line.split(" ", -1);
                        cases.put(words[0], words[1]);
                    });
        }
        return cases;
    }

    private static List<Method> tests() throws IOException, URISyntaxException, ClassNotFoundException {
        URL here = Objects.requireNonNull(CaseListTest.class.getResource("CaseListTest.class"));
        List<Method> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(Objects.requireNonNull(Path.of(here.toURI()).getParent()))) {
            for (Path file : files.filter(path -> path.toString().endsWith("Test.class")).toList()) {
                String name = String.valueOf(file.getFileName()).replace(".class", "");
                Class<?> type = Class.forName(CaseListTest.class.getPackageName() + "." + name);
                Arrays.stream(type.getDeclaredMethods()).filter(method -> method.isAnnotationPresent(DisplayName.class))
                        .forEach(tests::add);
            }
        }
        return tests;
    }

    private static Set<String> casesOf(Method test) {
        ParameterizedTest parameters = test.getAnnotation(ParameterizedTest.class);
        String names = test.getAnnotation(DisplayName.class).value() + (parameters == null ? "" : parameters.name());
        Set<String> cases = new TreeSet<>();
        for (Matcher matcher = CASE.matcher(names); matcher.find();) {
            cases.add(matcher.group());
        }
        return cases;
    }

    private static Map<String, List<Method>> byCase(Predicate<Method> which) throws Exception {
        Map<String, List<Method>> found = new TreeMap<>();
        for (Method test : tests()) {
            if (which.test(test)) {
                casesOf(test).forEach(name -> found.computeIfAbsent(name, key -> new ArrayList<>()).add(test));
            }
        }
        return found;
    }

    private static boolean isDisabled(Method test) {
        return test.isAnnotationPresent(Disabled.class);
    }

    /// By its parameter, or because each backing has a test of its own.
    private static boolean runsInBoth(List<Method> tests) {
        Set<String> found = new TreeSet<>();
        for (Method test : tests) {
            String all = backings(test);
            Stream.of("in_place", "split").filter(all::contains).forEach(found::add);
        }
        return found.size() == 2;
    }

    /// Where the backings of a test are named: the values of its parameter, or its display name.
    private static String backings(Method test) {
        StringBuilder all = new StringBuilder(test.getAnnotation(DisplayName.class).value());
        EnumSource enums = test.isAnnotationPresent(EachBacking.class)
                ? EachBacking.class.getAnnotation(EnumSource.class)
                : test.getAnnotation(EnumSource.class);
        if (enums != null) {
            all.append(Arrays.toString(enums.names().length > 0 ? enums.names()
                    : test.getParameterTypes()[0].getEnumConstants()));
        }
        ValueSource values = test.getAnnotation(ValueSource.class);
        all.append(values == null ? "" : String.join(" ", values.strings()));
        CsvSource rows = test.getAnnotation(CsvSource.class);
        all.append(rows == null ? "" : String.join(" ", rows.value()));
        return all.toString().toLowerCase(Locale.ROOT).replace('-', '_');
    }

    @Test
    void shouldHaveATestOrAReasonForEveryCase() throws Exception {
        Map<String, List<Method>> running = byCase(test -> !isDisabled(test));
        Map<String, List<Method>> disabled = byCase(CaseListTest::isDisabled);
        Map<String, String> wrong = new TreeMap<>();
        promised().forEach((name, wanted) -> {
            List<Method> tests = wanted.equals("none") ? disabled.get(name) : running.get(name);
            String is = tests == null ? "missing"
                    : wanted.equals("both") && !runsInBoth(tests) ? "in one backing alone: " + tests : wanted;
            System.out.println(name + " " + is + (tests == null ? "" : " " + tests.getFirst().getName()));
            if (!is.equals(wanted)) {
                wrong.put(name, is + ", wanted: " + wanted);
            }
        });
        assertEquals(Map.of(), wrong);
    }

    @Test
    void shouldPromiseEveryCaseThatATestNames() throws Exception {
        Set<String> named = new TreeSet<>(byCase(test -> true).keySet());
        named.removeAll(promised().keySet());
        assertEquals(Set.of(), named);
    }

    @Test
    void shouldSayWhyACaseDoesNotApply() throws Exception {
        Map<String, List<Method>> disabled = byCase(CaseListTest::isDisabled);
        for (List<Method> tests : disabled.values()) {
            for (Method test : tests) {
                assertEquals(true, test.getAnnotation(Disabled.class).value().startsWith("not applicable: "),
                        test.toString());
            }
        }
    }
}
