/// What a hypervisor does: the interfaces of the SPI as sequences of machine operations. Keeps per VM an owner number and the
/// address of a control page, and nothing that a table already says.
@NullMarked
package org.enclosure.testarch.host;

import org.jspecify.annotations.NullMarked;
