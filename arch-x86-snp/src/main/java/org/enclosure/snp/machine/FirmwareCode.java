package org.enclosure.snp.machine;

import java.util.List;

/// What firmware commands answer (SEV-SNP firmware ABI 56860, table of status codes).
public final class FirmwareCode {
    /// Done.
    public static final int SUCCESS = 0;
    /// The platform is in the wrong state for the command.
    public static final int INVALID_PLATFORM_STATE = 0x01;
    /// The guest is in the wrong state for the command.
    public static final int INVALID_GUEST_STATE = 0x02;
    /// The guest's policy forbids it.
    public static final int POLICY_FAILURE = 0x07;
    /// The guest has no ASID.
    public static final int INACTIVE = 0x08;
    /// An address is not aligned, or not legal.
    public static final int INVALID_ADDRESS = 0x09;
    /// A digest or tag is not the expected one.
    public static final int BAD_MEASUREMENT = 0x0b;
    /// The ASID is another guest's.
    public static final int ASID_OWNED = 0x0c;
    /// The ASID does not exist.
    public static final int INVALID_ASID = 0x0d;
    /// The context page is none.
    public static final int INVALID_GUEST = 0x10;
    /// A parameter is illegal.
    public static final int INVALID_PARAM = 0x16;
    /// The page has another size.
    public static final int INVALID_PAGE_SIZE = 0x19;
    /// The page is in another state.
    public static final int INVALID_PAGE_STATE = 0x1a;
    /// The metadata entry is of another kind, or not valid.
    public static final int INVALID_MDATA_ENTRY = 0x1b;
    /// The page belongs to another guest.
    public static final int INVALID_PAGE_OWNER = 0x1c;
    /// Not of the firmware: a CPU changes an entry in the same 2M region; to be tried again.
    public static final int BUSY = 0xff;
    /// The names of all codes.
    public static final List<CodeName> NAMES = List.of(new CodeName("SUCCESS", SUCCESS),
            new CodeName("INVALID_PLATFORM_STATE", INVALID_PLATFORM_STATE),
            new CodeName("INVALID_GUEST_STATE", INVALID_GUEST_STATE),
            new CodeName("POLICY_FAILURE", POLICY_FAILURE), new CodeName("INACTIVE", INACTIVE),
            new CodeName("INVALID_ADDRESS", INVALID_ADDRESS), new CodeName("BAD_MEASUREMENT", BAD_MEASUREMENT),
            new CodeName("ASID_OWNED", ASID_OWNED), new CodeName("INVALID_ASID", INVALID_ASID),
            new CodeName("INVALID_GUEST", INVALID_GUEST), new CodeName("INVALID_PARAM", INVALID_PARAM),
            new CodeName("INVALID_PAGE_SIZE", INVALID_PAGE_SIZE),
            new CodeName("INVALID_PAGE_STATE", INVALID_PAGE_STATE),
            new CodeName("INVALID_MDATA_ENTRY", INVALID_MDATA_ENTRY),
            new CodeName("INVALID_PAGE_OWNER", INVALID_PAGE_OWNER), new CodeName("BUSY", BUSY));

    private FirmwareCode() {
    }
}
