package org.enclosure.cli.verify.snp;

import java.util.Map;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.script.MachineOptions;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Machines;
import org.enclosure.cli.verify.Operations;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmType;

/// The section `guest_psc_response_checks`: what the guest driver does when the host's answer to a page state change says this or that.
/// The driver shares as many pages as the answer's case needs; a host of paper answers it.
final class GuestCheckCases {
    private static final long GPA = 0x4000_1000L;
    private static final long PAGE = 4096;
    private static final long ROOT_PFN = 0x81;
    private static final long FRAME = 0x100;
    private static final int FRAMES = 8;

    private GuestCheckCases() {
    }

    static void run(Fields fields, Machines machines) {
        PaperHost.Answer before = answer(fields.fields("before"));
        PaperHost.Answer after = answer(fields.fields("after"));
        String verdict = word(fields.text("verdict"));
        BareMachine machine = machines.open(MachineOptions.defaults());
        try (VmBackend vm = machine.platform()
                .create(new VmContext(type(machines), 1, ROOT_PFN, frames(), Map.of()))) {
            Compare.text("", "verdict", verdict, observe(vm.guestDriver(), before, after, machine));
        }
    }

    private static PaperHost.Answer answer(Fields fields) {
        PaperHost.Answer answer = new PaperHost.Answer(fields.number("cur"), fields.number("end"),
                fields.number("reserved", 0), fields.number("info1", 0), fields.number("info2", 0));
        fields.nothingElse();
        return answer;
    }

    /// The word before the colon; a guest that meets no error and is not done calls again.
    private static String word(String verdict) {
        String word = verdict.split(":", -1)[0].trim();
        if (word.startsWith("no error")) {
            return "call again";
        }
        if (!word.equals("success") && !word.equals("call again") && !word.equals("fail")) {
            throw CaseFailure.unknown("verdict " + word);
        }
        return word;
    }

    private static String observe(GuestDriver driver, PaperHost.Answer before, PaperHost.Answer after,
            BareMachine machine) {
        PaperHost host = new PaperHost(new Operations(machine.operations()), before, after);
        try {
            driver.share(new PaperCpu(host, driver), GPA, (before.end() + 2) * PAGE);
        } catch (GuestRefusedException e) {
            return "fail";
        } catch (PaperHost.CalledAgain e) {
            return "call again";
        }
        return "success";
    }

    private static FrameCache frames() {
        FrameCache frames = new FrameCache(FRAMES);
        frames.push(FRAME);
        return frames;
    }

    private static VmType type(Machines machines) {
        for (VmType type : machines.provider().vmTypes()) {
            if (type.id().equals("snp")) {
                return type;
            }
        }
        throw new CaseFailure("the plugin has no VM type snp");
    }
}
