/// What KVM does with the machine: the interfaces of the SPI as sequences of machine operations. Keeps per VM an ASID, the address of
/// its context page, and nothing that a table already says.
@NullMarked
package org.enclosure.snp.host;

import org.jspecify.annotations.NullMarked;
