/// Vectors of arm64 pKVM: the kernel's own ownership selftest, sequences of transitions, and guest hypercalls.
///
/// Every case has one page under test, an unprotected and a protected VM, and two neighbouring guest pages in each. All that happens
/// is operations of the plugin.
@NullMarked
package org.enclosure.cli.verify.pkvm;

import org.jspecify.annotations.NullMarked;
