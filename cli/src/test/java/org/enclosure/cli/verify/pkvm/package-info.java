/// Tests of the adapter for arm64 pKVM.
@NullMarked
package org.enclosure.cli.verify.pkvm;

import org.jspecify.annotations.NullMarked;
