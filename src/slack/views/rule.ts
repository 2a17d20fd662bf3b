import type { Verdict } from '../../core/classification.ts';
import { count } from '../../core/wording.ts';

/** The rule that made a verdict, as one sentence about machines in general. */
export function ruleOf(verdict: Verdict): string {
  switch (verdict.state) {
    case 'platformManaged':
      return 'A machine that an Azure service manages belongs to that service: nobody else may rebuild it, so it is not judged.';
    case 'exempt':
      return 'A machine that golden.yml exempts is not judged while the exemption lasts.';
    case 'revoked':
      return 'An image that golden.yml revokes must not run, whatever its dates say.';
    case 'endOfLife':
      return verdict.because.kind === 'gone'
        ? 'An image version that is gone from a gallery that could be read has ended: nothing can be created from it.'
        : 'An image whose end-of-life date has passed has ended.';
    case 'nonGolden':
      return 'Only images that golden.yml approves are golden.';
    case 'unknown':
      return 'What cannot be established is unknown: in doubt, never current.';
    case 'outdated':
      return 'A machine is outdated when more newer versions are deployable in its region than golden.yml allows and the first of them is older than the days of grace.';
    case 'current':
      return currentRule(verdict);
  }
}

function currentRule({ because }: Extract<Verdict, { state: 'current' }>): string {
  switch (because.kind) {
    case 'newest':
      return 'A machine is current when no newer version of its image is deployable in its region.';
    case 'within-freshness':
      return `A machine may lag behind for ${count(because.graceDays, 'day')} after the first newer version, and as many versions as golden.yml allows.`;
    case 'no-history':
      return 'Approved managed and Marketplace images are current as they are.';
  }
}
