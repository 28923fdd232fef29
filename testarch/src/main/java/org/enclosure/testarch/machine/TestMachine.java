package org.enclosure.testarch.machine;

import org.enclosure.spi.PhysicalMemory;

/// One machine: memory, and the operations on what lies in it.
///
/// @param memory physical memory
/// @param frames who owns which frame
/// @param epochs who is inside of which VM
/// @param stageTwo tables of those VMs whose stage 2 the machine keeps
public record TestMachine(PhysicalMemory memory, FrameTable frames, Epochs epochs, StageTwo stageTwo) {
    /// Builds a machine with frames below `limit`.
    public static TestMachine of(PhysicalMemory memory, long limit) {
        FrameTable frames = new FrameTable(memory, limit);
        Epochs epochs = new Epochs(memory);
        return new TestMachine(memory, frames, epochs, new StageTwo(memory, frames, epochs));
    }
}
