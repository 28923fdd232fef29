package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.PageRange;

/// A live migration between two VMs of one process. Each page travels by the status that the VMM believes in: shared by its
/// mapping, private through a firmware that decrypts what it reads, so that a page of the other kind becomes garbage. The
/// firmware is vCPU 1 of either side.
final class Transfer implements AutoCloseable {
    /// One page on the wire.
    record Sent(boolean isPrivate, long word) {
    }

    final GuestVm source = newVm();
    final GuestVm destination = newVm();
    private final Map<Long, Sent> wire = new TreeMap<>();
    private final Vcpu sourceFirmware = source.vm.createVcpu(1);
    private final Vcpu destinationFirmware = destination.vm.createVcpu(1);

    private static GuestVm newVm() {
        GuestVm vm = GuestVm.with("status=both", "private-log=on", "after=scramble", "page=4k");
        vm.vm.conversions().convert(0, GuestVm.RAM, MemoryKind.PRIVATE);
        return vm;
    }

    /// Pages of ranges.
    static List<Long> pages(List<PageRange> ranges) {
        List<Long> pages = new ArrayList<>();
        for (PageRange range : ranges) {
            for (long gpa = range.gpa(); gpa < range.gpa() + range.bytes(); gpa += PAGE) {
                pages.add(gpa / PAGE);
            }
        }
        return pages;
    }

    /// Sends the dirty pages by a list of shared ones.
    void send(List<PageRange> dirty, List<PageRange> shared) {
        List<Long> sharedPages = pages(shared);
        for (long page : pages(dirty)) {
            boolean isPrivate = !sharedPages.contains(page);
            wire.put(page, new Sent(isPrivate, read(page, isPrivate)));
        }
    }

    /// One word stands for the page.
    private long read(long page, boolean isPrivate) {
        if (!isPrivate) {
            try {
                return source.mapping.loadLong(page * PAGE);
            } catch (HostAccessException e) {
                return garbage(page); // ciphertext
            }
        }
        boolean matches = source.kind(page * PAGE) == MemoryKind.PRIVATE;
        long[] word = new long[1];
        sourceFirmware.run(cpu -> word[0] = cpu.loadLong(page * PAGE), ExitHandler.POLICY);
        return matches ? word[0] : garbage(word[0]);
    }

    private static long garbage(long word) {
        return word * 0x9e37_79b9_7f4a_7c15L + 0x1234_5678_9abc_def1L;
    }

    /// The end: the destination gets the status, then the contents.
    void arrive(List<PageRange> shared) {
        destination.vm.sharedPages().set(shared);
        wire.forEach((page, sent) -> {
            if (sent.isPrivate && destination.kind(page * PAGE) == MemoryKind.PRIVATE) {
                destinationFirmware.run(cpu -> cpu.storeLong(page * PAGE, sent.word), ExitHandler.POLICY);
            } else if (!sent.isPrivate && destination.kind(page * PAGE) == MemoryKind.SHARED) {
                destination.mapping.storeLong(page * PAGE, sent.word);
            }
        });
    }

    /// The pages of the first `count` that are not on the destination what they are on the source.
    List<Long> differences(long count) {
        List<Long> wrong = new ArrayList<>();
        for (long page = 0; page < count; page++) {
            if (source.kind(page * PAGE) != destination.kind(page * PAGE)
                    || word(source, sourceFirmware, page) != word(destination, destinationFirmware, page)) {
                wrong.add(page);
            }
        }
        return wrong;
    }

    private static long word(GuestVm vm, Vcpu reader, long page) {
        long[] word = new long[1];
        reader.run(cpu -> word[0] = cpu.loadLong(page * PAGE), ExitHandler.POLICY);
        return vm.kind(page * PAGE).isPrivate() ? word[0] : vm.mapping.loadLong(page * PAGE);
    }

    @Override
    public void close() {
        sourceFirmware.close();
        destinationFirmware.close();
        source.close();
        destination.close();
    }
}
