import { expect, test } from '@jest/globals';
import { hidesOf } from '../../src/core/hidden.ts';
import type { Hidden } from '../../src/core/report.ts';
import { SUBSCRIPTION } from './build.ts';

const machine = `/subscriptions/${SUBSCRIPTION.toUpperCase()}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/a`;
const elsewhere = machine.replace(/1{8}/, '22222222');
const instance = `${elsewhere.replace('virtualMachines/a', 'virtualMachineScaleSets/s')}/virtualMachines/0`;
const ids = [machine, elsewhere, instance];

const hidden = (...hides: readonly (Hidden | undefined)[]) =>
  ids.filter(
    hidesOf(hides.map((each) => ({ scope: 's', reason: 'r', ...(each === undefined ? {} : { hides: each }) }))),
  );

test.each<[string, readonly (Hidden | undefined)[], readonly string[]]>([
  ['nothing unread hides nothing', [], []],
  ['a gallery hides no machine', ['nothing'], []],
  ['a subscription hides what is in it', [{ subscription: SUBSCRIPTION }], [machine]],
  ['the instances of uniform scale sets', ['instances'], [instance]],
  ['several hide all of theirs', ['instances', 'nothing', { subscription: SUBSCRIPTION }], [machine, instance]],
  ['anything else may hide everything', [undefined], ids],
])('%s', (_name, hides, expected) => {
  expect(hidden(...hides)).toEqual(expected);
});
