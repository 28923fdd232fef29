package org.enclosure.cli.verify.pkvm;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Invocation;
import org.jspecify.annotations.Nullable;

/// What a step leaves behind: each party's state of the page, and the counts. A count of -1, and an owner of null, are not said.
///
/// @param np states of the unprotected VM's pages
/// @param prot states of the protected VM's pages
record ExpectedState(String host, String hyp, @Nullable String owner, long shares, long pins,
        List<String> np, List<String> prot) {
    /// Copies the lists.
    ExpectedState {
        np = List.copyOf(np);
        prot = List.copyOf(prot);
    }

    /// Compares all of it.
    ///
    /// @throws CaseFailure at the first difference
    void check(String place, TestPage page) {
        Invocation actual = page.page();
        compare(place, "host", host, Words.state(actual.out("host")));
        compare(place, "hyp", hyp, Words.state(actual.out("hyp")));
        if (owner != null) {
            compare(place, "owner", Words.owner(Words.owner(owner)), Words.owner(actual.out("owner")));
        }
        compare(place, "share_count", shares, actual.out("share_count"));
        compare(place, "pins", pins, actual.out("pins"));
        guests(place, "np", np, false, page);
        guests(place, "prot", prot, true, page);
    }

    private static void guests(String place, String name, List<String> expected, boolean isProtected, TestPage page) {
        for (int i = 0; i < expected.size(); i++) {
            compare(place, name + "[" + i + "]", Words.state(Words.state(expected.get(i))),
                    Words.state(page.guestState(isProtected, i)));
        }
    }

    /// Puts the machine into this state.
    void force(TestPage page) {
        Invocation actual = page.page();
        long guestGfn = Math.max(0, prot.indexOf("OWNED"));
        String annotation = owner == null ? derivedOwner() : owner;
        page.setPage(Words.state(host), Words.state(hyp), Words.owner(annotation), guestGfn,
                shares < 0 ? actual.out("share_count") : shares, pins < 0 ? actual.out("pins") : pins);
        List<List<String>> both = new ArrayList<>(List.of(np, prot));
        for (int vm = 0; vm < both.size(); vm++) {
            for (int i = 0; i < both.get(vm).size(); i++) {
                page.setGuestState(vm == 1, i, Words.state(both.get(vm).get(i)));
            }
        }
    }

    /// Whose a page is that the host gave away.
    private String derivedOwner() {
        return !host.equals("NOPAGE") ? "-" : hyp.equals("OWNED") ? "HYP" : "GUEST";
    }

    private static void compare(String place, String what, long expected, long actual) {
        if (expected >= 0) {
            compare(place, what, Long.toString(expected), Long.toString(actual));
        }
    }

    private static void compare(String place, String what, String expected, String actual) {
        if (!expected.equals(actual)) {
            throw CaseFailure.difference(place, what, expected, actual);
        }
    }
}
