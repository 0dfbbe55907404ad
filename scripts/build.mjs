// `npm run build`: the dependencies, if they are missing, and dist/.
import { prepare } from './lib/prepare.mjs';

prepare();
