package org.enclosure.cca.ops;

import static org.enclosure.spi.Operation.Effect.CHANGES;
import static org.enclosure.spi.Operation.Effect.ENTERS;
import static org.enclosure.spi.Operation.Effect.READS;
import static org.enclosure.spi.Operation.Effect.TEST;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.enclosure.cca.machine.Rmm;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.Operation;
import org.enclosure.spi.Operation.Effect;
import org.enclosure.spi.OperationCall;

/// The table of operations, a line each. All of it goes to the machine; nothing passes through the host layer.
public final class CcaOperations implements ArchOperations {
    private static final String RMI = "RMM specification 1.0, B4.3";
    private static final String RSI = "RMM specification 1.0, B5 and B6";
    private static final String REC = "RMM specification 1.0, A4.3";
    private static final String GTSI = "RMM-EL3 communication interface";
    private static final String GPR_NAMES = Fields.numbered("gpr", 31);

    private final Map<String, Line> table = new LinkedHashMap<>();

    /// One line: what is listed, and what it calls.
    private record Line(Operation operation, ToLongFunction<OperationCall> body) {
    }

    /// Builds the table of a machine.
    public CcaOperations(Rmm rmm) {
        addMemory(new HostSide(rmm));
        addRealm(new HostSide(rmm));
        addEntry(new RealmSide(rmm));
        addEnvironment(new Environment(rmm));
    }

    @Override
    public List<Operation> list() {
        return table.values().stream().map(Line::operation).toList();
    }

    @Override
    public long invoke(Operation operation, OperationCall call) {
        Line line = table.get(operation.name());
        if (line == null || !line.operation.equals(operation)) {
            throw new IllegalArgumentException("operation " + operation.name() + " is not one of the CCA platform's");
        }
        return line.body.applyAsLong(call);
    }

    private void addMemory(HostSide host) {
        rmi("RMI_VERSION", Rmi.VERSION, READS, "requested", "x1 x2", host::version);
        rmi("RMI_FEATURES", Rmi.FEATURES, READS, "index", "x1", host::features);
        rmi("RMI_GRANULE_DELEGATE", Rmi.GRANULE_DELEGATE, CHANGES, "addr", "", host::delegate);
        rmi("RMI_GRANULE_UNDELEGATE", Rmi.GRANULE_UNDELEGATE, CHANGES, "addr", "", host::undelegate);
        rmi("RMI_DATA_CREATE", Rmi.DATA_CREATE, CHANGES, "rd data ipa src flags", "", host::dataCreate);
        rmi("RMI_DATA_CREATE_UNKNOWN", Rmi.DATA_CREATE_UNKNOWN, CHANGES, "rd data ipa", "", host::dataCreateUnknown);
        rmi("RMI_DATA_DESTROY", Rmi.DATA_DESTROY, CHANGES, "rd ipa", "x1 x2", host::dataDestroy);
        rmi("RMI_RTT_CREATE", Rmi.RTT_CREATE, CHANGES, "rd rtt ipa level", "", host::rttCreate);
        rmi("RMI_RTT_DESTROY", Rmi.RTT_DESTROY, CHANGES, "rd ipa level", "x1 x2", host::rttDestroy);
        rmi("RMI_RTT_FOLD", Rmi.RTT_FOLD, CHANGES, "rd ipa level", "x1", host::rttFold);
        rmi("RMI_RTT_READ_ENTRY", Rmi.RTT_READ_ENTRY, READS, "rd ipa level", "x1 x2 x3 x4", host::rttReadEntry);
        rmi("RMI_RTT_MAP_UNPROTECTED", Rmi.RTT_MAP_UNPROTECTED, CHANGES, "rd ipa level desc", "", host::rttMap);
        rmi("RMI_RTT_UNMAP_UNPROTECTED", Rmi.RTT_UNMAP_UNPROTECTED, CHANGES, "rd ipa level", "x1", host::rttUnmap);
        rmi("RMI_RTT_INIT_RIPAS", Rmi.RTT_INIT_RIPAS, CHANGES, "rd base top", "x1", host::initRipas);
        rmi("RMI_RTT_SET_RIPAS", Rmi.RTT_SET_RIPAS, CHANGES, "rd rec base top", "x1", host::setRipas);
    }

    private void addRealm(HostSide host) {
        rmi("RMI_REALM_CREATE", Rmi.REALM_CREATE, CHANGES, "rd params", "", host::realmCreate);
        rmi("RMI_REALM_ACTIVATE", Rmi.REALM_ACTIVATE, CHANGES, "rd", "", host::realmActivate);
        rmi("RMI_REALM_DESTROY", Rmi.REALM_DESTROY, CHANGES, "rd", "", host::realmDestroy);
        rmi("RMI_REC_AUX_COUNT", Rmi.REC_AUX_COUNT, READS, "rd", "x1", host::recAuxCount);
        rmi("RMI_REC_CREATE", Rmi.REC_CREATE, CHANGES, "rd rec params", "", host::recCreate);
        rmi("RMI_REC_DESTROY", Rmi.REC_DESTROY, CHANGES, "rec", "", host::recDestroy);
        rmi("RMI_REC_ENTER", Rmi.REC_ENTER, ENTERS, "rec run", "", host::recEnter);
        rmi("RMI_PSCI_COMPLETE", Rmi.PSCI_COMPLETE, CHANGES, "calling target status", "", host::psciComplete);
        add("SMC", -1, CHANGES, "fid x1 x2 x3 x4 x5", "x1 x2 x3 x4", Fields.RMI, RMI, this::smc);
    }

    private void addEntry(RealmSide realm) {
        add("REC.ENTER", Rmi.REC_ENTER, ENTERS, "rec run", "running event value esr far x0 x1 x2", Fields.RMI, REC,
                realm::enter);
        add("REC.LEAVE", -1, ENTERS, "rec reason", "", Fields.RMI, REC, realm::leave);
        step("REALM.LD", "rec ipa", "value pas esr far", realm::load);
        step("REALM.ST", "rec ipa value", "value pas esr far", realm::store);
        step("REALM.IF", "rec ipa", "pas esr far", realm::fetch);
        step("REALM.RSI", "rec fid a1 a2 a3 a4 a5 a6 a7 a8 a9 a10", "x0 x1 x2 x3 x4 x5 x6 x7 x8", realm::smc);
        for (Map.Entry<String, Long> call : RealmCalls.BY_NAME.entrySet()) {
            add(call.getKey(), call.getValue(), ENTERS, "rec a1 a2 a3 a4 a5 a6 a7 a8 a9 a10",
                    "x0 x1 x2 x3 x4 x5 x6 x7 x8", Fields.STEP, RSI, one -> realm.smc(call.getValue(), one));
        }
        step("REALM.HVC", "rec", "", realm::hvc);
        step("REALM.WFI", "rec", "", realm::wfi);
    }

    private void addEnvironment(Environment environment) {
        add("GTSI_DELEGATE", 0xc400_01b0L, TEST, "addr", "", Fields.EL3, GTSI, environment::gtsiDelegate);
        add("GTSI_UNDELEGATE", 0xc400_01b1L, TEST, "addr", "", Fields.EL3, GTSI, environment::gtsiUndelegate);
        add("EL3.SET_PAS", -1, TEST, "addr pas", "", Fields.EL3, "Arm ARM, granule protection table",
                environment::setPas);
        test("HOST.READ64", "addr", "value", environment::read64);
        test("HOST.WRITE64", "addr value", "", environment::write64);
        test("HOST.WRITE", "addr bytes", "", environment::write);
        test("HOST.ZERO", "addr", "", environment::zero);
        test("PARAMS.REALM", "flags s2sz sve_vl num_bps num_wps pmu_num_ctrs hash rpv vmid rtt_base rtt_level_start"
                + " rtt_num_start", "bytes", environment::realmParams);
        test("PARAMS.REC", "flags mpidr pc " + Fields.numbered("gpr", 8) + " num_aux " + Fields.numbered("aux", 16),
                "bytes", environment::recParams);
        test("PARAMS.RUN", "flags " + GPR_NAMES, "bytes", environment::runPage);
        test("PARAMS.START_LEVEL", "s2sz", "level tables", environment::startLevel);
        test("STATE.GRANULE", "addr", "state refcount pas all_zero", environment::granule);
        test("STATE.MEASUREMENT", "rd slot", "bytes", environment::measurement);
        test("STATE.EXIT", "run", "reason esr far hpfar ripas_base ripas_top ripas_value imm " + GPR_NAMES,
                environment::exit);
    }

    /// Any SMC of the host, by its number.
    private long smc(OperationCall call) {
        for (Line line : table.values()) {
            if (line.operation.number() == call.in(0) && line.operation.name().startsWith("RMI_")) {
                OperationCall inner = new OperationCall(line.operation);
                for (int i = 0; i < line.operation.in().size(); i++) {
                    inner.in(i, call.in(1 + i));
                }
                long x0 = line.body.applyAsLong(inner);
                for (int i = 0; i < line.operation.out().size(); i++) {
                    call.out(i, inner.out(i));
                }
                return x0;
            }
        }
        return Rmi.NOT_SUPPORTED;
    }

    private void rmi(String name, long number, Effect effect, String in, String out,
            ToLongFunction<OperationCall> body) {
        add(name, number, effect, in, out, Fields.RMI, RMI, body);
    }

    private void step(String name, String in, String out, ToLongFunction<OperationCall> body) {
        add(name, -1, ENTERS, in, out, Fields.STEP, REC, body);
    }

    private void test(String name, String in, String out, ToLongFunction<OperationCall> body) {
        add(name, -1, TEST, in, out, Fields.HOST, "environment of a test", body);
    }

    private void add(String name, long number, Effect effect, String in, String out,
            List<Operation.StatusName> statuses, String source, ToLongFunction<OperationCall> body) {
        table.put(name, new Line(
                new Operation(name, number, effect, Fields.of(in), Fields.of(out), statuses, source), body));
    }
}
