package org.enclosure.cli.verify.pkvm;

import org.enclosure.cli.verify.CaseFailure;

/// What a vector says in words of an effect, compared through the content of the page. States that are named are compared as states.
final class Effect {
    private static final String PARTS = "\\s*[,/]\\s*";

    private Effect() {
    }

    /// Checks the parts of a text such as `guest PTE poisoned, page zeroed`.
    ///
    /// @throws CaseFailure at the first difference, or at words that mean nothing here
    static void check(String place, String text, TestPage page) {
        for (String part : text.split(PARTS, -1)) {
            if (!part.isEmpty()) {
                checkPart(place, part, page);
            }
        }
    }

    private static void checkPart(String place, String part, TestPage page) {
        switch (part) {
            case "page zeroed", "page wiped" -> zeroed(place, page);
            case "page NOT zeroed", "page not zeroed", "page kept", "nothing mapped: no-op", "already reclaimed" ->
                kept(place, page);
            case "guest PTE poisoned" -> {
                // The guest's state says it.
            }
            default -> state(place, part, page);
        }
    }

    private static void state(String place, String part, TestPage page) {
        int space = part.indexOf(' ');
        String party = space < 0 ? part : part.substring(0, space);
        String word = part.substring(space + 1);
        long actual = switch (party) {
            case "guest" -> page.guestState(true, 0);
            case "host" -> page.page().out("host");
            case "hyp" -> page.page().out("hyp");
            default -> throw CaseFailure.unknown("effect " + part);
        };
        if (Words.state(word) != actual) {
            throw CaseFailure.difference(place, party, word, Words.state(actual));
        }
    }

    /// The page is wiped; the host, whose it is now, fills it again, so that the next wipe shows.
    private static void zeroed(String place, TestPage page) {
        if (!page.isZero()) {
            throw CaseFailure.difference(place, "page", "zero", "not zero");
        }
        if (page.page().out("host") == Words.state("OWNED")) {
            page.fill();
        }
    }

    /// The bytes are as they were.
    static void kept(String place, TestPage page) {
        if (!page.isFilled()) {
            throw CaseFailure.difference(place, "page", "unchanged", "changed");
        }
    }
}
