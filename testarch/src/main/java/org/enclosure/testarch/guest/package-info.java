/// What a guest kernel of this architecture does.
@NullMarked
package org.enclosure.testarch.guest;

import org.jspecify.annotations.NullMarked;
