/// What a Linux guest does: converts, validates, and does not trust the host's answers.
@NullMarked
package org.enclosure.snp.guest;

import org.jspecify.annotations.NullMarked;
