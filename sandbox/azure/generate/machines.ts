import type { Estate } from '../estate.ts';
import { type Calendar, computeId, subscriptionIds } from './ids.ts';
import { references } from './images.ts';
import { type Machine, machineBody } from './machine-body.ts';

const { payments, checkout, data } = subscriptionIds;
const { latest, pinned, unversioned, managed } = references;
const WEB = { subscription: payments, group: 'rg-payments-web' };
const CORE = { subscription: payments, group: 'RG-Payments-Core' };
const SHOP = { subscription: checkout, group: 'rg-checkout' };
const SHARED = { subscription: checkout, group: 'rg-shared' };
const DATA = { subscription: data, group: 'rg-data' };
const LAB = { subscription: data, group: 'rg-lab' };
const PET = { 'golden-kind': 'pet' };

/** The hand-made machines: one or two of every case that the bot must tell apart. */
// biome-ignore format: a line a machine
const MACHINES: readonly Machine[] = [
  // payments: the team comes from the subscription, or from an oddly written tag of the group
  { ...WEB, name: 'pay-web-01', image: latest('ubuntu-22', '1.11.0'), zones: ['1'] },
  { ...WEB, name: 'pay-web-02', image: latest('ubuntu-22', '1.11.0'), zones: ['2'] },
  { ...WEB, name: 'pay-web-03', image: latest('ubuntu-22', '1.10.0'), zones: ['3'] },
  { ...WEB, name: 'pay-web-04', image: latest('ubuntu-22', '1.9.0'), createdDaysAgo: 74 },
  { ...WEB, name: 'pay-web-05', image: latest('ubuntu-22', '1.8.0'), createdDaysAgo: 118 },
  { ...WEB, name: 'pay-web-06', image: pinned('ubuntu-22', '1.12.0') },
  { ...CORE, name: 'pay-api-01', image: pinned('ubuntu-24', '2.2.0'), securityType: 'TrustedLaunch' },
  { ...CORE, name: 'pay-api-02', image: pinned('ubuntu-24', '2.1.0'), securityType: 'TrustedLaunch', location: 'northeurope' },
  { ...CORE, name: 'pay-api-03', image: pinned('ubuntu-24', '2.0.0'), securityType: 'ConfidentialVM' },
  { ...CORE, name: 'pay-ledger-01', image: latest('ubuntu-22', '1.9.0'), tags: PET, dataDisks: 3, createdDaysAgo: 70 },
  { ...CORE, name: 'pay-hsm-01', image: latest('win2022', '3.0.0'), os: 'Windows', tags: { ...PET, note: "don't touch" } },
  { ...CORE, name: 'pay-win-01', image: latest('win2022', '3.1.0'), os: 'Windows' },
  { ...CORE, name: 'pay-win-02', image: latest('win2022', '3.0.0'), os: 'Windows', location: 'northeurope' },
  { ...CORE, name: 'pay-win-03', image: latest('win2022', '1.0.0'), os: 'Windows', createdDaysAgo: 190, generation: 'V1' },
  { ...CORE, name: 'pay-cache-01', image: unversioned('ubuntu-22') },
  { ...CORE, name: 'pay-gone-01', image: pinned('ubuntu-22', '1.7.0'), createdDaysAgo: 160 },
  { ...CORE, name: 'pay-old-01', image: managed('old-base-2024'), createdDaysAgo: 400, generation: 'V1' },
  { ...CORE, name: 'pay-mkt-01', image: references.ubuntu20, createdDaysAgo: 600 },
  // checkout: the tag is on the group, in capitals
  { ...SHOP, name: 'chk-web-01', image: managed('web-base-2026-10') },
  { ...SHOP, name: 'chk-web-02', image: managed('web-base-2026-09') },
  { ...SHOP, name: 'chk-web-03', image: latest('ubuntu-24', '2.2.0'), power: 'deallocated' },
  { ...SHOP, name: 'chk-web-04', image: latest('ubuntu-24', '2.1.0'), power: 'stopped' },
  { ...SHOP, name: 'chk-mkt-01', image: references.ubuntu24 },
  { ...SHOP, name: 'chk-mkt-02', image: references.windows2019, os: 'Windows', generation: 'V1' },
  { ...SHOP, name: 'chk-com-01', image: references.community },
  { ...SHOP, name: 'chk-shr-01', image: references.shared },
  { ...SHOP, name: 'chk-disk-01', createdDaysAgo: 500, power: 'unknown' },
  { ...SHOP, name: 'chk-deb-01', image: latest('debian-12', '0.1.0') },
  { ...SHOP, name: 'chk-flex-1a', image: latest('ubuntu-24', '2.2.0'), scaleSet: 'chk-flex' },
  { ...SHOP, name: 'chk-flex-2b', image: latest('ubuntu-24', '2.1.0'), scaleSet: 'chk-flex' },
  { ...SHARED, name: 'chk-jump-01', image: latest('ubuntu-24', '2.0.0'), tags: { ' Team': 'CHECKOUT' } },
  { ...SHARED, name: 'no-team-01', image: latest('ubuntu-22', '1.10.0'), tags: {} },
  { ...SHARED, name: 'no-team-02', image: references.ubuntu20, tags: null },
  // data-platform: on the group with a space behind it, or on the machine
  { ...DATA, name: 'dat-etl-01', image: latest('rhel-9-arm', '9.4.0') },
  { ...DATA, name: 'dat-etl-02', image: latest('rhel-9-arm', '9.3.0'), createdDaysAgo: 88 },
  { ...DATA, name: 'dat-etl-03', image: latest('rhel-9-arm', '9.4.0'), location: 'eastus' },
  { ...DATA, name: 'dat-db-01', image: latest('ubuntu-22', '1.10.0'), tags: { 'Golden-Kind': 'Pet' }, dataDisks: 4 },
  { ...DATA, name: 'dat-db-02', tags: PET, dataDisks: 2, createdDaysAgo: 300 },
  { ...LAB, name: 'dat-lab-01', image: references.lab, tags: { team: 'data-platform' } },
  { ...LAB, name: 'dat-lab-02', image: managed('hand-made'), tags: { team: 'Data-Platform' } },
  // hostile names and tags: Azure would refuse some, which is no reason to trust it
  { ...WEB, name: '<!channel>', image: latest('ubuntu-22', '1.10.0'), tags: { team: 'payments', note: '<https://evil.example|click>' } },
  { ...WEB, name: 'pay-"q\'uote\\d"-01', image: latest('ubuntu-22', '1.9.0'), tags: { 'a"b\\c': "it's *bold* _and_ `code`" } },
  { ...WEB, name: 'pay-\u202Egnp.exe\u202C-01', image: references.ubuntu20, tags: { team: 'pay\u200Fments' } },
  { ...DATA, name: '<https://evil.example|dat-01>', image: latest('ubuntu-22', '1.8.0'), tags: { owner: '<@U0ALICE> & co' } },
  // owned by a service: never ours to touch
  { subscription: data, group: 'databricks-rg-analytics', name: 'dbx-worker-7f', image: references.ubuntu20, tags: { Vendor: 'Databricks', ClusterName: 'nightly' }, managedBy: computeId(data, 'rg-data', 'x').replace('Microsoft.Compute/x', 'Microsoft.Databricks/workspaces/analytics') },
];

/** Adds the hand-made machines; returns how many there are. */
export function addMachines(estate: Estate, calendar: Calendar): number {
  for (const [index, machine] of MACHINES.entries()) estate.add(machineBody(machine, index, calendar));
  return MACHINES.length;
}
