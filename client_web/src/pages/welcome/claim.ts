/** `/claim#<code>`: the first operator of an alley. */

import { claimView } from './claim_views';
import { openLink } from './open';

openLink(claimView);
