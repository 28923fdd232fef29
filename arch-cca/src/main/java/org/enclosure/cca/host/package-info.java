/// What KVM does with the RMM: granules are delegated when they are needed, tables are built on demand, pages are created at
/// faults and destroyed at conversions. Keeps the address of the realm descriptor, and nothing that a table says already.
@NullMarked
package org.enclosure.cca.host;

import org.jspecify.annotations.NullMarked;
