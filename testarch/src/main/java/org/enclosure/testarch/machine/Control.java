package org.enclosure.testarch.machine;

/// The control page of a VM whose tables the machine keeps.
///
/// ```
/// 0x000  owner          0x010  epoch in which something was blocked last
/// 0x008  epoch word     0x018  1 if the VM is dead
/// 0x800  root table: 256 entries of level 4
/// ```
final class Control {
    static final int OWNER = 0;
    static final int EPOCH = 0x8;
    static final int BLOCKED_IN = 0x10;
    static final int DEAD = 0x18;
    static final int ROOT = 0x800;
    static final int ROOT_ENTRIES = 256;
    static final int ROOT_LEVEL = 4;
    /// The first epoch: what has never blocked anything says epoch 0.
    static final long FIRST_EPOCH = 1L << 32;

    private Control() {
    }
}
