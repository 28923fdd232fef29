/// What Linux does as a realm.
@NullMarked
package org.enclosure.cca.guest;

import org.jspecify.annotations.NullMarked;
