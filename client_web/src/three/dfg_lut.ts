/** In place of `DFGLUTData.js`: a table that physically based materials read. */

import { late, theMissing } from './late';

export const getDFGLUT = (): unknown => theMissing(late.dfgLut)();
