/// What a Linux guest does under pKVM.
@NullMarked
package org.enclosure.pkvm.guest;

import org.jspecify.annotations.NullMarked;
