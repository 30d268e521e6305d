import type { Standard } from '../model/requirement.js';
import { scs0201v1 } from './scs-0201-v1.js';
import { scs0210v1 } from './scs-0210-v1.js';
import { scs0210v2 } from './scs-0210-v2.js';
import { scs0211v1 } from './scs-0211-v1.js';
import { scs0211v2 } from './scs-0211-v2.js';
import { scs0214v1 } from './scs-0214-v1.js';
import { scs0214v2 } from './scs-0214-v2.js';
import { scs0215v1 } from './scs-0215-v1.js';
import { scs0217v1 } from './scs-0217-v1.js';
import { scs0219v1 } from './scs-0219-v1.js';

/** THE list of standards, in the order of every report: the certificate scope first, then the others that are in force or drafts, then the deprecated ones. */
export const standards: readonly Standard[] = [
  scs0201v1,
  scs0210v2,
  scs0214v2,
  scs0219v1,
  scs0211v1,
  scs0211v2,
  scs0215v1,
  scs0217v1,
  scs0210v1,
  scs0214v1,
];
