import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { Unit } from '../model.js';

/** A check of the finished model, whatever dialect it is from. Names may be followed: circles are gone. */
export type Rule = (unit: Unit, bag: DiagnosticBag) => void;
