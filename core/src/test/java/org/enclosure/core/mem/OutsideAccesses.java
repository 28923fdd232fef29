package org.enclosure.core.mem;

/// Run in a JVM with checked addresses: touches what is beside live memory, and what is no longer there.
final class OutsideAccesses {
    private OutsideAccesses() {
    }

    public static void main(String[] args) {
        LazyMemory one = LazyMemory.reserve(4096);
        LazyMemory two = LazyMemory.reserve(4096);
        Raw.putLong(one.address() + 4088, 1);
        Raw.putLong(two.address() + 4088, 1);
        refused(() -> Raw.getByte(one.address() - 1));
        refused(() -> Raw.getByte(one.address() + 4096));
        refused(() -> Raw.getLong(one.address() + 4089));
        refused(() -> Raw.putLongRelease(two.address() + 4096, 1));
        refused(() -> Raw.zero(two.address(), 4104));
        refused(() -> Raw.copy(one.address(), two.address() + 8, 4096));
        one.close();
        refused(() -> Raw.getLong(one.address()));
        Raw.putLong(two.address(), 1);
        two.close();
        System.out.println("all refused");
    }

    private static void refused(Runnable access) {
        try {
            access.run();
        } catch (IndexOutOfBoundsException expected) {
            return;
        }
        throw new AssertionError("an access outside live memory was not refused");
    }
}
