package org.enclosure.cli.verify.pkvm;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.enclosure.cli.script.MachineOptions;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Machines;
import org.enclosure.cli.verify.Numbers;
import org.enclosure.cli.verify.Operations;
import org.enclosure.spi.Operation.StatusName;

/// A machine with one page under test, an unprotected VM (`np`) and a protected one (`p`), driven by operations.
///
/// ```
/// 0x010000  roots of the two VMs
/// 0x020000  pages for their tables
/// 0x100000  the page under test
/// ```
final class TestPage {
    /// What stands in every word of the page.
    static final long PATTERN = 0x5a5a_1234_a5a5_4321L;

    private static final long MEMORY = 4L << 20;
    private static final long ROOTS = 0x1_0000;
    private static final long TABLES = 0x2_0000;
    private static final int TABLES_PER_VM = 3;
    private static final long PAGE = 0x1000;
    private static final long PA = 0x10_0000;
    private static final long NO_VM = 0;
    private static final long FIRST_GFN = 0x8_0000;
    private static final long ALL_PERMISSIONS = 7;
    private static final String HYP = "HYP.";
    private static final Pattern GFN = Pattern.compile("(?:gfn)?\\s*\\+?\\s*([0-9]*)");

    private final Operations operations;
    private final long unprotectedVm;
    private final long protectedVm;

    /// Opens a machine whose page belongs to the host and is filled.
    TestPage(Machines machines, String profile) {
        operations = new Operations(
                machines.open(new MachineOptions(MEMORY, 0, Map.of("profile", profile))).operations());
        unprotectedVm = createVm(0);
        protectedVm = createVm(1);
        fill();
    }

    /// @param number 1 for the protected VM, which an old kernel does not have
    private long createVm(int number) {
        Invocation init = operations.call("HYP.INIT_VM").in("pa", ROOTS + number * PAGE).in("protected", number);
        long answer = init.invoke();
        if (number == 1 && answer == status("HYP.INIT_VM", "-EOPNOTSUPP")) {
            return NO_VM;
        }
        require("HYP.INIT_VM", answer);
        for (int table = 0; table < TABLES_PER_VM; table++) {
            require("HYP.TOPUP_MEMCACHE", operations.call("HYP.TOPUP_MEMCACHE").in("vm", init.out("vm"))
                    .in("pa", TABLES + (number * TABLES_PER_VM + table) * PAGE).invoke());
        }
        return init.out("vm");
    }

    private static void require(String operation, long status) {
        if (status != 0) {
            throw new CaseFailure("the machine cannot be set up: " + operation + " answered " + status);
        }
    }

    /// The index of a guest page: 0, 1, `gfn` or `gfn+1`; nothing means the first.
    static long gfn(String text) {
        Matcher matcher = GFN.matcher(text);
        if (!matcher.matches()) {
            throw CaseFailure.unknown("gfn " + text);
        }
        return matcher.group(1).isEmpty() ? 0 : Numbers.parse("gfn", matcher.group(1));
    }

    /// The guest address of a guest page.
    static long ipa(long index) {
        return (FIRST_GFN + index) * PAGE;
    }

    /// Executes a transition by its name in the kernel.
    ///
    /// @return what it answered
    long transition(String name, long gfn) {
        Invocation call = operations.call(operation(name));
        boolean isShared = name.contains("_share_guest") || name.contains("_unshare_guest") || call.takes("prot");
        set(call, "pa", PA);
        set(call, "vm", isShared ? unprotectedVm : protectedVm);
        set(call, "gfn", FIRST_GFN + gfn);
        set(call, "pages", 1);
        set(call, "prot", ALL_PERMISSIONS);
        return call.invoke();
    }

    /// The name of the operation that is a transition.
    static String operation(String name) {
        return HYP + name.toUpperCase(Locale.ROOT);
    }

    private static void set(Invocation call, String name, long value) {
        if (call.takes(name)) {
            call.in(name, value);
        }
    }

    /// The value of an expected answer: 0, a number, or an errno as `-NAME`.
    long status(String operation, String text) {
        String name = text.startsWith("-") ? text.substring(1) : text.equals("0") ? "OK" : text;
        for (StatusName known : operations.call(operation).operation().statuses()) {
            if (known.name().equals(name)) {
                return known.value();
            }
        }
        return Numbers.parse("ret", text);
    }

    /// An answer in words, as vectors write it.
    String show(String operation, long status) {
        for (StatusName known : operations.call(operation).operation().statuses()) {
            if (known.value() == status) {
                return status == 0 ? "0" : "-" + known.name();
            }
        }
        return Long.toString(status);
    }

    /// An HVC of the protected guest.
    Invocation hvc(long[] registers) {
        Invocation call = operations.call("GUEST.HVC").in("vm", protectedVm);
        for (int i = 0; i < registers.length; i++) {
            call.in("x" + i, registers[i]);
        }
        call.invoke();
        return call;
    }

    // ---- states ---------------------------------------------------------------------------------------------------------

    /// What EL2 has recorded of the page.
    Invocation page() {
        Invocation call = operations.call("STATE.PAGE").in("pa", PA);
        require("STATE.PAGE", call.invoke());
        return call;
    }

    /// The state of a guest page.
    int guestState(boolean isProtected, long gfn) {
        if (isProtected && protectedVm == NO_VM) {
            return Words.state("NOPAGE");
        }
        Invocation call = operations.call("STATE.GUEST_LEAF").in("vm", isProtected ? protectedVm : unprotectedVm)
                .in("gfn", FIRST_GFN + gfn);
        require("STATE.GUEST_LEAF", call.invoke());
        return (int) call.out("state");
    }

    /// Forces what EL2 has recorded of the page.
    void setPage(long host, long hyp, long owner, long gfn, long shares, long pins) {
        require("SETUP.PAGE", operations.call("SETUP.PAGE").in("pa", PA).in("host", host).in("hyp", hyp)
                .in("owner", owner).in("vm", protectedVm).in("gfn", FIRST_GFN + gfn).in("share_count", shares)
                .in("pins", pins).invoke());
    }

    /// Forces the state of a guest page.
    void setGuestState(boolean isProtected, long gfn, long state) {
        require("TEST.SET_GUEST_LEAF",
                operations.call("TEST.SET_GUEST_LEAF").in("vm", isProtected ? protectedVm : unprotectedVm)
                        .in("gfn", FIRST_GFN + gfn).in("state", state).in("pa", PA).invoke());
    }

    // ---- content --------------------------------------------------------------------------------------------------------

    /// The host fills the page, which is its own.
    void fill() {
        require("HOST.FILL_PAGE", operations.call("HOST.FILL_PAGE").in("pa", PA).in("value", PATTERN).invoke());
    }

    /// Whether the page is zero.
    boolean isZero() {
        Invocation call = operations.call("STATE.PAGE_ZERO").in("pa", PA);
        require("STATE.PAGE_ZERO", call.invoke());
        return call.out("zero") == 1;
    }

    /// Whether the page is as it was filled, as far as its first and last words tell.
    boolean isFilled() {
        return word(PA) == PATTERN && word(PA + PAGE - Long.BYTES) == PATTERN;
    }

    private long word(long pa) {
        Invocation call = operations.call("STATE.MEMORY64").in("pa", pa);
        require("STATE.MEMORY64", call.invoke());
        return call.out("value");
    }
}
