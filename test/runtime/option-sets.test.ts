/** Every row of the table of options. */
import { testEveryOption } from './every-option.js';

testEveryOption();
