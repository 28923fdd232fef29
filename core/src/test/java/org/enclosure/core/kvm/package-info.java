/// KVM's rules, case by case: the checklist of its selftests and its error matrix, on the software platform, through the public
/// API alone. A display name starts with the number of its case.
@NullMarked
package org.enclosure.core.kvm;

import org.jspecify.annotations.NullMarked;
