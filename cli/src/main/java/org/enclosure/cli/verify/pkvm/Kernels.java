package org.enclosure.cli.verify.pkvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.enclosure.cli.verify.CaseFailure;

/// The kernels that the words of a vector's `variant` name, as profiles.
final class Kernels {
    private static final String ANDROID = "android16";
    private static final String MAINLINE = "7.1";
    private static final List<String> PROFILES = List.of("6.18", MAINLINE, ANDROID, "union");

    private Kernels() {
    }

    /// The profiles, Android's first.
    ///
    /// @param variant such as `mainline + android`; what follows a bracket or a semicolon only explains
    /// @throws CaseFailure if it names none
    static List<String> of(String variant) {
        String words = variant.split("[(;]", 2)[0].toLowerCase(Locale.ROOT).strip();
        if (PROFILES.contains(words)) {
            return List.of(words);
        }
        List<String> profiles = new ArrayList<>();
        if (words.contains("android")) {
            profiles.add(ANDROID);
        }
        if (words.contains("mainline")) {
            profiles.add(MAINLINE);
        }
        if (profiles.isEmpty()) {
            throw CaseFailure.unknown("variant " + variant);
        }
        return profiles;
    }
}
