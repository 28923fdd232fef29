package org.enclosure.cli.verify.pkvm;

import java.util.List;

import org.enclosure.cli.verify.CaseFailure;

/// The words of vectors, by the numbers of the operations' fields.
final class Words {
    private static final List<String> STATES = List.of("OWNED", "SHARED_OWNED", "SHARED_BORROWED", "NOPAGE", "POISON");
    private static final List<String> OWNERS = List.of("-", "HYP", "GUEST");

    private Words() {
    }

    static int state(String word) {
        return index(STATES, word, "state");
    }

    static String state(long number) {
        return number >= 0 && number < STATES.size() ? STATES.get((int) number) : Long.toString(number);
    }

    static int owner(String word) {
        return index(OWNERS, word.isEmpty() || word.equals("HOST") ? "-" : word, "owner");
    }

    static String owner(long number) {
        return number >= 0 && number < OWNERS.size() ? OWNERS.get((int) number) : Long.toString(number);
    }

    private static int index(List<String> words, String word, String what) {
        int index = words.indexOf(word);
        if (index < 0) {
            throw CaseFailure.unknown(what + " " + word);
        }
        return index;
    }
}
