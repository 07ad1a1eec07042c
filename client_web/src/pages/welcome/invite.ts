/** `/invite#<code>`: an invitation to keep a stall, or the peace of the alley. */

import { inviteView } from './invite_views';
import { openLink } from './open';

openLink(inviteView);
