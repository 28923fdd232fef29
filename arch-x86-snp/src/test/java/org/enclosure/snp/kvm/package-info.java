/// Tests of what KVM keeps of SEV contexts.
@NullMarked
package org.enclosure.snp.kvm;

import org.jspecify.annotations.NullMarked;
