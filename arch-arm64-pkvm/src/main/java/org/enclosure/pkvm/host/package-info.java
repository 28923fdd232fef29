/// What the host's KVM does with EL2: the platform, its VMs, their tables and vCPUs. Tables change through calls of the machine alone.
@NullMarked
package org.enclosure.pkvm.host;

import org.jspecify.annotations.NullMarked;
