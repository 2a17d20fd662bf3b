import { refuse } from '../errors.ts';
import { constant, derived, type Evaluate, type Expression, type Scope } from '../expression.ts';
import type { ScalarType } from '../syntax.ts';
import { convertFunctions } from './convert.ts';
import { dynamicFunctions } from './dynamic.ts';
import { flowFunctions } from './flow.ts';
import { textFunctions } from './text.ts';
import { timeFunctions } from './time.ts';

/** Builds the evaluator of one call from its compiled arguments; `type` is the result type of the call. */
export type FunctionBuilder = (inputs: readonly Expression[], scope: Scope, type: ScalarType) => Evaluate;

const FUNCTIONS = new Map<string, FunctionBuilder>(
  Object.entries({ ...textFunctions, ...convertFunctions, ...dynamicFunctions, ...flowFunctions, ...timeFunctions }),
);

/** Compiles a call. @throws QueryError for a function that is not among those we execute */
export function callFunction(name: string, type: ScalarType, inputs: readonly Expression[], scope: Scope): Expression {
  const build = FUNCTIONS.get(name);
  if (!build) refuse('UnsupportedFunction', `The function '${name}' is not supported.`);
  const evaluate = build(inputs, scope, type);
  return inputs.length === 0 ? constant(type, evaluate([])) : derived(type, inputs, evaluate);
}
