package org.enclosure.snp.machine;

import java.util.List;

/// What RMP instructions answer in EAX (AMD APM volume 3; x64 intrinsics `__rmpupdate` and others).
public final class RmpCode {
    /// Done.
    public static final int SUCCESS = 0;
    /// An operand is illegal.
    public static final int FAIL_INPUT = 1;
    /// Not permitted.
    public static final int FAIL_PERMISSION = 2;
    /// The page is in use, or another CPU changes the entry: try again.
    public static final int FAIL_INUSE = 3;
    /// Pages of another size are assigned there.
    public static final int FAIL_OVERLAP = 4;
    /// A 2M operand met a 4K entry.
    public static final int FAIL_SIZEMISMATCH = 6;
    /// The names of all codes.
    public static final List<CodeName> NAMES = List.of(new CodeName("SUCCESS", SUCCESS),
            new CodeName("FAIL_INPUT", FAIL_INPUT), new CodeName("FAIL_PERMISSION", FAIL_PERMISSION),
            new CodeName("FAIL_INUSE", FAIL_INUSE), new CodeName("FAIL_OVERLAP", FAIL_OVERLAP),
            new CodeName("FAIL_SIZEMISMATCH", FAIL_SIZEMISMATCH));

    private RmpCode() {
    }
}
