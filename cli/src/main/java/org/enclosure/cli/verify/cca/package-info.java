/// The sections of Arm CCA: `rim`, `cca_scenarios`, `cca_fuzz`. Only translates; what a step does is the plugin's.
@NullMarked
package org.enclosure.cli.verify.cca;

import org.jspecify.annotations.NullMarked;
