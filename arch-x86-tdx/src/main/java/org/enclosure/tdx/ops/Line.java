package org.enclosure.tdx.ops;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.enclosure.spi.Operation;
import org.enclosure.spi.Operation.Effect;
import org.enclosure.spi.Operation.Field;
import org.enclosure.spi.Operation.StatusName;
import org.enclosure.spi.OperationCall;

/// One line of the table: what is listed, and what it calls.
///
/// @param operation what is listed
/// @param body what it calls
record Line(Operation operation, ToLongFunction<OperationCall> body) {
    private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

    static {
        field("rcx", 64, "register RCX");
        field("rdx", 64, "register RDX");
        field("r8", 64, "register R8");
        field("r9", 64, "register R9");
        field("r13", 64, "register R13");
        field("exports", 31, "how often the TD has been exported");
        field("mig_epoch", 32, "present migration epoch");
        field("exported", 64, "pages that are exported");
        field("dirty", 64, "exported pages that can have been changed since");
        field("bw_epoch", 64, "epoch of the last block for writing");
        field("td", 64, "address of the TD's root page (TDR)");
        field("pa", 64, "host physical address");
        field("gpa", 52, "guest physical address, private");
        field("level", 3, "0 = 4K, 1 = 2M, 2 = 1G, 3 = 512G, 4 = 256T");
        field("access", 3, "1 read, 2 write, 4 execute, or a sum of these");
        field("vcpu", 9, "number of the vCPU");
        field("vcpu_epoch", 64, "epoch in which it entered");
        field("exit", 1, "1 if the guest left for the host instead of getting a status");
        field("eeq", 64, "extended exit qualification of that exit");
        field("eeq_type", 4, "its type: 0 none, 1 ACCEPT, 6 pending page");
        field("req_level", 3, "level that the guest asked for");
        field("err_level", 3, "level of the entry where the walk ended");
        field("err_state", 8, "code of that entry's state");
        field("err_leaf", 1, "1 if that entry is a page");
        field("interrupted", 1, "1 if an interrupt ended it early; never here");
        field("hpa", 64, "host physical address that was reached");
        field("attributes", 64, "TD_PARAMS.ATTRIBUTES");
        field("gpaw", 6, "width of guest addresses: 48, or 52 with five levels");
        field("num_vcpus", 16, "number of vCPUs that MR.FINALIZE counts");
        field("value", 64, "the value");
        field("counter", 9, "accepted 4K pages, 0 to 511");
        field("locked", 1, "1 to lock, 0 to unlock");
        field("raw", 64, "the entry as it is, locks included");
        field("state", 8, "code of an entry's state, or number of an OP_STATE");
        field("operand", 32, "number of an implicit operand: 146 tree, 169 epoch, 172 OP_STATE");
        field("factor", 8, "A of byte i = (i*A + B) & 0xff");
        field("addend", 8, "B of byte i = (i*A + B) & 0xff");
        field("td_epoch", 64, "the TD's epoch");
        field("ref0", 64, "vCPUs inside that entered in an even epoch");
        field("ref1", 64, "vCPUs inside that entered in an odd epoch");
        field("op_state", 4, "number of the OP_STATE");
        field("chldcnt", 64, "4K units that belong to the TD");
        field("mrtd", 0, "running build measurement");
        field("stream_bytes", 64, "bytes measured");
        field("error", 1, "bit 63");
        field("non_recoverable", 1, "bit 62");
        field("fatal", 1, "bit 61");
        field("host_recoverability_hint", 1, "bit 60");
        field("class", 8, "bits 47:40");
        field("details_l1", 8, "bits 39:32");
        field("details_l2", 32, "bits 31:0");
        field("image", 0, "bytes of a firmware image");
        field("index", 32, "number of a section, from 0");
        field("offset", 64, "byte offset of the descriptor in the image");
        field("count", 32, "number of sections");
        field("data_offset", 32, "offset of the section's bytes in the image");
        field("raw_data_size", 32, "bytes of the section in the image");
        field("memory_address", 64, "guest physical address of the section");
        field("memory_data_size", 64, "bytes of the section in memory");
        field("type", 32, "0 BFV, 1 CFV, 2 TD HOB, 3 temporary memory, 4 permanent memory");
        field("bytes", 64, "bytes that the PAMT takes");
    }

    /// A line.
    ///
    /// @param in names of operands, separated by blanks
    /// @param out names of outputs, separated by blanks
    static Line of(String name, long number, Effect effect, String in, String out, List<StatusName> statuses,
            String source, ToLongFunction<OperationCall> body) {
        return new Line(new Operation(name, number, effect, fields(in), fields(out), statuses, source), body);
    }

    private static void field(String name, int bits, String meaning) {
        FIELDS.put(name, new Field(name, bits, meaning));
    }

    private static List<Field> fields(String names) {
        return names.isEmpty() ? List.of() : Arrays.stream(names.split(" ", -1)).map(name -> {
            Field field = FIELDS.get(name);
            if (field == null) {
                throw new IllegalStateException("no field " + name);
            }
            return field;
        }).toList();
    }
}
